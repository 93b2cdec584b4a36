// Which columns the table shows.
import { varies, type Column, type Report } from '../data/report'
import { DEFAULTS, type Address } from '../state/address'

const ALWAYS = ['verdict', 'layer', 'channel']
const USUAL = ['exc_eval', 'style_eval', 'seconds']

// The verdict, what tells runs apart, all metrics, and some figures.
export function usualColumns(report: Report): Column[] {
  const usual = report.columns.filter((c) => {
    if (c.name === 'id' || c.name === 'status' || c.name === 'group') return false
    if (c.group === 'metric' || ALWAYS.includes(c.name) || USUAL.includes(c.name)) return true
    return (c.group === 'axis' || c.group === 'identity') && varies(c)
  })
  return [...usual.filter((c) => c.name === 'verdict'), ...usual.filter((c) => c.name !== 'verdict')]
}

export function shownColumns(report: Report, address: Address): Column[] {
  const named = address.columns.flatMap((name) => report.byName.get(name) ?? [])
  return named.length > 0 ? named : usualColumns(report)
}

// The columns' names for the address; none where they are the usual ones.
export function columnsForAddress(report: Report, names: string[]): string[] {
  const usual = usualColumns(report).map((c) => c.name)
  const others = report.columns.map((c) => c.name).filter((name) => !usual.includes(name))
  const ordered = [...usual, ...others].filter((name) => names.includes(name))
  return ordered.join() === usual.join() ? DEFAULTS.columns : ordered
}

const WIDE: Record<string, number> = { verdict: 110, layer: 84, host: 130, group: 150, id: 150 }

export function columnWidth(column: Column): number {
  const length = column.name.length - (column.group === 'axis' ? column.name.lastIndexOf('.') : 0)
  return WIDE[column.name] ?? Math.max(78, 26 + 7.2 * length)
}
