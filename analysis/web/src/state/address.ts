// The state of the page is its address: everything that a link should bring back stands behind the '#',
// in words that can be read and typed. What is as by default is left out.
//
//   #/table?where=exc_gain+%3E+0&sort=-exc_gain,layer&tray=54005c63,88d927bd
import type { SortKey } from '../query/order'
import type { Range } from '../query/select'

export const VIEWS = ['overview', 'atlas', 'table', 'compare', 'run'] as const
export type View = (typeof VIEWS)[number]

export interface Address {
  view: View
  run: string // id, of view 'run'
  where: string
  verdicts: string[] // quick filter; none: all
  missing: boolean // whether missing runs are listed
  brushes: Record<string, Range>
  starredOnly: boolean
  sort: SortKey[]
  columns: string[] // shown in the table; none: the usual ones
  layer: string // tab of the atlas; '': the first
  size: number // px of the atlas' pictures
  flip: number // lambda shown by the atlas in place of all; NaN: all
  tray: string[] // ids
  stars: string[] // ids
  notes: Record<string, string> // by id
  log: boolean // axes of traces
  smooth: number // 0 to 0.95
}

export const DEFAULTS: Address = {
  view: 'overview',
  run: '',
  where: '',
  verdicts: [],
  missing: false,
  brushes: {},
  starredOnly: false,
  sort: [],
  columns: [],
  layer: '',
  size: 96,
  flip: NaN,
  tray: [],
  stars: [],
  notes: {},
  log: false,
  smooth: 0
}

export const TRAY_MOST = 6

const list = (text: string | null) => (text ? text.split(',').filter((part) => part !== '') : [])
const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

function readSort(text: string | null): SortKey[] {
  return list(text).map((word) => ({ column: word.replace(/^-/, ''), descending: word.startsWith('-') }))
}

function readBrushes(values: string[]): Record<string, Range> {
  const brushes: Record<string, Range> = {}
  for (const value of values) {
    const [, name, low, high] = /^(.+):(-?[\d.eE+-]+)\.\.(-?[\d.eE+-]+)$/.exec(value) ?? []
    if (name !== undefined) brushes[name] = [Number(low), Number(high)]
  }
  return brushes
}

function readNotes(values: string[]): Record<string, string> {
  const notes = Object.create(null) as Record<string, string>
  for (const value of values) {
    const at = value.indexOf(':')
    if (at > 0) notes[value.slice(0, at)] = value.slice(at + 1)
  }
  return notes
}

export function readAddress(hash: string): Address {
  const [path = '', query] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const [view, run] = path.split('/')
  const values = new URLSearchParams(query ?? '')
  const number = (name: string, otherwise: number) => {
    const value = Number(values.get(name) ?? NaN)
    return Number.isNaN(value) ? otherwise : value
  }
  return {
    view: VIEWS.includes(view as View) ? (view as View) : 'overview',
    run: run ?? '',
    where: values.get('where') ?? '',
    verdicts: list(values.get('verdict')),
    missing: values.has('missing'),
    brushes: readBrushes(values.getAll('brush')),
    starredOnly: values.has('starred'),
    sort: readSort(values.get('sort')),
    columns: list(values.get('columns')),
    layer: values.get('layer') ?? '',
    size: within(number('size', DEFAULTS.size), 32, 224),
    flip: number('flip', NaN),
    tray: list(values.get('tray')).slice(0, TRAY_MOST),
    stars: list(values.get('stars')),
    notes: readNotes(values.getAll('note')),
    log: values.has('log'),
    smooth: within(number('smooth', 0), 0, 0.95)
  }
}

export function writeAddress(a: Address): string {
  const values = new URLSearchParams()
  const put = (name: string, value: string) => value !== '' && values.append(name, value)
  put('where', a.where)
  put('verdict', a.verdicts.join(','))
  if (a.missing) values.append('missing', '1')
  for (const [name, [low, high]] of Object.entries(a.brushes))
    values.append('brush', `${name}:${low}..${high}`)
  if (a.starredOnly) values.append('starred', '1')
  put('sort', a.sort.map((key) => (key.descending ? '-' : '') + key.column).join(','))
  put('columns', a.columns.join(','))
  put('layer', a.layer)
  if (a.size !== DEFAULTS.size) values.append('size', String(a.size))
  if (!Number.isNaN(a.flip)) values.append('flip', String(a.flip))
  put('tray', a.tray.join(','))
  put('stars', a.stars.join(','))
  for (const [id, note] of Object.entries(a.notes)) if (note !== '') values.append('note', `${id}:${note}`)
  if (a.log) values.append('log', '1')
  if (a.smooth > 0) values.append('smooth', String(a.smooth))
  const query = values.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  const path = a.view === 'overview' ? '' : a.view === 'run' ? `run/${a.run}` : a.view
  return `#/${path}${query ? `?${query}` : ''}`
}
