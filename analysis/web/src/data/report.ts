// The report's data: read once out of the page, then held by columns in typed arrays. A run is a row
// number everywhere; nothing is kept per run as an object.
import { at } from './at'
import type { ColumnInfo, ReportJson, Verdict } from './contract'

export interface NumberColumn extends ColumnInfo {
  kind: 'number'
  values: Float64Array // NaN where there is no figure
}
export interface TextColumn extends ColumnInfo {
  kind: 'text'
  words: string[]
  codes: Uint32Array // into words
}
export type Column = NumberColumn | TextColumn

export interface Report {
  json: ReportJson // what is used as it came: texts, counts, headlines ...
  count: number // runs
  columns: Column[]
  byName: Map<string, Column>
  named: Column[] // what an expression may name: columns, and figures of the run's case
  ids: string[]
  layers: string[] // in the order of the grid
  layer: TextColumn
  channel: NumberColumn
  seed: NumberColumn
  weight: NumberColumn // lambda, rho or strength
  weights: number[] // its values, ascending
  group: TextColumn
  status: TextColumn
  axes: Column[] // other axes of the grid, and the seed, where they have more than one value
  verdict: Uint8Array
  baseline: Int32Array // row, or -1
  vectors: Set<number> // rows whose drawing is an SVG
  plotted: Set<number> // and those that have one as plotted
}

const UNDESCRIBED = { unit: '', direction: 'none', formula: '', group: 'identity' } as const

// Loops: typed arrays made by from() with a function take ten times as long.
function readNumbers(values: readonly (number | null)[]): Float64Array {
  const numbers = new Float64Array(values.length)
  for (let row = 0; row < values.length; row++) numbers[row] = values[row] ?? NaN
  return numbers
}

function readColumn(info: ColumnInfo, json: ReportJson): Column {
  if (info.name === 'verdict' && info.kind === 'text')
    return {
      ...info,
      kind: 'text',
      words: json.verdicts.map((v) => v.name),
      codes: new Uint32Array(json.verdict)
    }
  const values = json.values[info.name] ?? []
  if (info.kind === 'number')
    return { ...info, kind: 'number', values: readNumbers(values as (number | null)[]) }
  if (!Array.isArray(values))
    return { ...info, kind: 'text', words: values.words, codes: new Uint32Array(values.codes) }
  const texts = values as string[]
  return { ...info, kind: 'text', words: texts, codes: new Uint32Array(texts.length).map((_, i) => i) }
}

// Figures of the run's case, by the names that they have in expressions.
function caseFigures({ cases, case: numbers }: ReportJson): NumberColumn[] {
  const { seeds, agreeing: seeds_agreeing, gain_mean, gain_low, gain_high } = cases
  return Object.entries({ seeds, seeds_agreeing, gain_mean, gain_low, gain_high }).map(([name, figures]) => ({
    ...UNDESCRIBED,
    name,
    kind: 'number',
    values: readNumbers(numbers.map((number) => figures[number] ?? null))
  }))
}

// Whether a column has more than one value, and so tells runs apart.
export function varies(column: Column): boolean {
  const values = column.kind === 'text' ? column.codes : column.values
  for (let row = 1; row < values.length; row++)
    if (values[row] !== values[0] && !Number.isNaN(values[row])) return true
  return false
}

export function readReport(json: ReportJson): Report {
  const columns = json.columns.map((info) => readColumn(info, json))
  const byName = new Map(columns.map((column) => [column.name, column]))
  const count = json.verdict.length
  const number = (name: string): NumberColumn => {
    const found = byName.get(name)
    return found?.kind === 'number'
      ? found
      : { ...UNDESCRIBED, name, kind: 'number', values: new Float64Array(count).fill(NaN) }
  }
  const text = (name: string): TextColumn => {
    const found = byName.get(name)
    return found?.kind === 'text'
      ? found
      : { ...UNDESCRIBED, name, kind: 'text', words: [''], codes: new Uint32Array(count) }
  }
  const weight = number(json.weight)
  const layer = text('layer')
  const missing = json.missing
  const layers = [...new Set([...layer.words, ...missing.map((m) => m.layer)])]
  const weights = [...new Set([...weight.values, ...missing.map((m) => m.weight)])].filter(
    (w) => !Number.isNaN(w)
  )
  const seed = number('seed')
  return {
    json,
    count,
    columns,
    byName,
    named: [...columns, ...caseFigures(json)],
    ids: text('id').words,
    layers: layers.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    layer,
    channel: number('channel'),
    seed,
    weight,
    weights: weights.sort((a, b) => a - b),
    group: text('group'),
    status: text('status'),
    axes: [...(varies(seed) ? [seed] : []), ...columns.filter((c) => c.group === 'axis' && varies(c))],
    verdict: new Uint8Array(json.verdict),
    baseline: new Int32Array(json.baseline),
    vectors: new Set(json.drawings.svg),
    plotted: new Set(json.drawings.plotted)
  }
}

export function idOf(report: Report, row: number): string {
  return at(report.ids, row)
}

export function verdictOf(report: Report, row: number): Verdict {
  return at(report.json.verdicts, at(report.verdict, row))
}

// The row that a run is compared with: another one, or -1.
export function baselineOf(report: Report, row: number): number {
  const baseline = report.baseline[row] ?? -1
  return baseline === row ? -1 : baseline
}

export function reasonOf(report: Report, row: number): string {
  return report.json.reason[row] ?? ''
}

// NaN where there is no figure.
export function numberOf(column: NumberColumn, row: number): number {
  return column.values[row] ?? NaN
}

export function weightOf(report: Report, row: number): number {
  return numberOf(report.weight, row)
}

// The figure with this name, NaN where the report has no such column.
export function figureOf(report: Report, name: string, row: number): number {
  const column = report.byName.get(name)
  return column?.kind === 'number' ? numberOf(column, row) : NaN
}

// The row with this id, or the only one whose id begins so; -1 if there is none.
export function findRun(report: Report, id: string): number {
  if (id.length < 4) return -1
  const exact = report.ids.indexOf(id)
  return exact >= 0 ? exact : report.ids.findIndex((other) => other.startsWith(id))
}

// Eight digits of an id name a run, as in the program's own listings.
export function shortId(report: Report, row: number): string {
  return idOf(report, row).slice(0, 8)
}

export function textOf(column: TextColumn, row: number): string {
  return at(column.words, at(column.codes, row))
}

// The rows of a run's group in the order of lambda.
export function groupOf(report: Report, row: number): number[] {
  const rows: number[] = []
  const code = report.group.codes[row]
  for (let other = 0; other < report.count; other++) if (report.group.codes[other] === code) rows.push(other)
  return rows.sort((a, b) => weightOf(report, a) - weightOf(report, b))
}
