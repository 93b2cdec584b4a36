// The axes of the parallel coordinates: which figures, and where a value stands on them.
import { at } from '../data/at'
import { varies, type NumberColumn, type Report } from '../data/report'
import type { Range } from '../query/select'

export type Ranges = Readonly<Record<string, Range>>

export function without(ranges: Ranges, name: string): Record<string, Range> {
  return Object.fromEntries(Object.entries(ranges).filter(([other]) => other !== name))
}

const AXES = 8
const FEW = 12 // values that stand evenly spaced
const OUTER = 0.02 // share of values at either end that an axis may leave out
const STRETCH = 1.5

// lambda, other axes, then metrics; what is the same everywhere tells nothing.
export function axesOf(report: Report): NumberColumn[] {
  const numbers = report.columns.filter((c): c is NumberColumn => c.kind === 'number')
  const metrics = numbers.filter((c) => c.group === 'metric')
  const figures = ['exc_eval', 'seconds'].flatMap((name) => numbers.find((c) => c.name === name) ?? [])
  const axes = numbers.filter((c) => c.group === 'axis')
  return [...new Set([report.channel, report.weight, ...axes, ...metrics, ...figures])]
    .filter(varies)
    .slice(0, AXES)
}

export interface Axis {
  column: NumberColumn
  low: number
  high: number
  isCut: boolean // whether values lie beyond `high`
  ranks: number[] | null // few values (lambdas) stand evenly spaced, whatever they are
}

// The ends are those of the values, unless a few lie so far out that the others would be one point: then
// they are drawn at the end of an axis that suits the rest.
export function axisOf(column: NumberColumn): Axis {
  const known = column.values.filter(Number.isFinite).sort()
  const distinct = new Set(known)
  const ranks = distinct.size <= FEW ? [...distinct] : null
  const quantile = (share: number) => known[Math.round(share * (known.length - 1))] ?? NaN
  const [least, low, high, most] = [0, OUTER, 1 - OUTER, 1].map(quantile) as [number, number, number, number]
  const stretch = STRETCH * (high - low)
  return {
    column,
    ranks,
    low: Math.max(least, low - stretch),
    high: Math.min(most, high + stretch),
    isCut: most > high + stretch
  }
}

// What stands at a share of the way through a list of numbers, from 0 (its first) to 1 (its last); NaN in an empty one.
export function interpolated(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) return NaN
  const place = share * (numbers.length - 1)
  const below = Math.floor(place)
  const value = at(numbers, below)
  return value + (place - below) * (at(numbers, Math.ceil(place)) - value)
}

// 0 at the bottom of the axis, 1 at its top.
export function shareOf(axis: Axis, value: number): number {
  if (Number.isNaN(value)) return NaN
  if (axis.ranks) {
    const { ranks } = axis
    if (ranks.length === 1) return 0.5
    const above = ranks.findIndex((rank) => rank >= value)
    if (above < 0) return 1
    if (above === 0) return 0
    const below = at(ranks, above - 1)
    return (above - 1 + (value - below) / (at(ranks, above) - below)) / (ranks.length - 1)
  }
  return axis.high > axis.low ? Math.min(1, Math.max(0, (value - axis.low) / (axis.high - axis.low))) : 0.5
}

export function valueAt(axis: Axis, share: number): number {
  const s = Math.min(1, Math.max(0, share))
  if (!axis.ranks) return axis.low + s * (axis.high - axis.low)
  return interpolated(axis.ranks, s)
}
