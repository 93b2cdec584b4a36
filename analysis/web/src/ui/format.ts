// How figures are written. Digits have equal widths (tabular figures), minus is a minus sign.
import {
  numberOf,
  textOf,
  verdictOf,
  weightOf,
  type Column,
  type NumberColumn,
  type Report
} from '../data/report'

const THIN = '\u202f'

function group(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, THIN)
  return fraction ? `${grouped}.${fraction}` : grouped
}

export function formatCount(n: number): string {
  return group(String(n))
}

// Four significant digits, or all digits of whole numbers.
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–'
  const size = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (size === 0) return '0'
  if (!Number.isFinite(size)) return `${sign}∞`
  if (size >= 1e9 || size < 1e-3) return sign + size.toExponential(2).replace('e-', 'e−').replace('e+', 'e')
  if (Number.isInteger(value) || size >= 1e3) return sign + group(size.toFixed(0))
  const digits = Math.max(0, 3 - Math.floor(Math.log10(size)))
  return (
    sign +
    size
      .toFixed(digits)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
  )
}

// What is shown as zero has no sign: −0.0% is 0.0%.
function isZero(text: string): boolean {
  return !/[1-9∞]/.test(text)
}

// A gain over a baseline of almost nothing has no end of digits.
export function formatPercent(share: number, signed = false): string {
  if (Number.isNaN(share)) return '–'
  const percent = 100 * Math.abs(share)
  const text = percent < 1e4 ? percent.toFixed(1) : compactNumber(percent)
  const sign = isZero(text) ? '' : share < 0 ? '−' : signed ? '+' : ''
  return `${sign}${text}%`
}

// Decimals that give a column's typical value four significant digits, the same in every row; -1 for
// figures that are better written as powers of ten.
function decimalsOf(column: NumberColumn): number {
  const sizes = column.values.filter((v) => Number.isFinite(v) && v !== 0).map(Math.abs)
  const middle = sizes.sort()[sizes.length >> 1]
  if (middle === undefined || sizes.every(Number.isInteger)) return 0
  if (middle < 1e-3) return -1
  return Math.min(4, Math.max(0, 3 - Math.floor(Math.log10(middle))))
}

const decimals = new WeakMap<NumberColumn, number>()

// A column's value: shares as percent, gains with their sign.
export function formatValue(column: Column, row: number): string {
  if (column.kind === 'text') return textOf(column, row)
  const value = numberOf(column, row)
  if (column.unit.startsWith('share')) return formatPercent(value, column.name.endsWith('gain'))
  if (column.group === 'identity' || column.group === 'axis' || !Number.isFinite(value))
    return formatNumber(value)
  let places = decimals.get(column)
  if (places === undefined) decimals.set(column, (places = decimalsOf(column)))
  if (places < 0) return formatNumber(value)
  const text = Math.abs(value).toFixed(places)
  return (value < 0 && !isZero(text) ? '−' : '') + group(text)
}

export function compactNumber(value: number): string {
  const size = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (size >= 1e12) return sign + size.toExponential(1).replace('e+', 'e')
  if (size >= 1e6) return `${sign}${+(size / 1e6).toPrecision(3)}M`
  if (size >= 1e3) return `${sign}${+(size / 1e3).toPrecision(3)}k`
  if (size > 0 && size < 1e-3) return sign + size.toExponential(0)
  return sign + String(+size.toPrecision(3))
}

export function axisLabel(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

// "relu3_3 channel 7", with seed and axes where the sweep has several.
export function caseName(report: Report, row: number): string {
  const extra = report.axes.map((axis) => `${axisLabel(axis.name)} ${formatValue(axis, row)}`)
  return [`${textOf(report.layer, row)} channel ${numberOf(report.channel, row)}`, ...extra].join(', ')
}

export function weightName(report: Report, weight: number): string {
  return `${report.json.weight} ${formatNumber(weight)}`
}

export function runName(report: Report, row: number): string {
  return `${caseName(report, row)}, ${weightName(report, weightOf(report, row))}`
}

// What a picture shows, for who cannot see it.
export function runAlt(report: Report, row: number): string {
  return `${runName(report, row)}: ${verdictOf(report, row).name}`
}

export function formatTime(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  return `${time.toISOString().slice(0, 10)} ${time.toISOString().slice(11, 16)} UTC`
}
