// The axes of the parallel coordinates: which figures, and where a value stands on them.
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
  const at = (share: number) => known[Math.round(share * (known.length - 1))]
  const [low, high, within] = [at(0), at(1), at(1 - OUTER) - at(OUTER)]
  const stretch = STRETCH * within
  return {
    column,
    ranks,
    low: Math.max(low, at(OUTER) - stretch),
    high: Math.min(high, at(1 - OUTER) + stretch),
    isCut: high > at(1 - OUTER) + stretch
  }
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
    return (above - 1 + (value - ranks[above - 1]) / (ranks[above] - ranks[above - 1])) / (ranks.length - 1)
  }
  return axis.high > axis.low ? Math.min(1, Math.max(0, (value - axis.low) / (axis.high - axis.low))) : 0.5
}

export function valueAt(axis: Axis, share: number): number {
  const s = Math.min(1, Math.max(0, share))
  if (!axis.ranks) return axis.low + s * (axis.high - axis.low)
  const at = s * (axis.ranks.length - 1)
  const below = Math.floor(at)
  const next = Math.min(axis.ranks.length - 1, below + 1)
  return axis.ranks[below] + (at - below) * (axis.ranks[next] - axis.ranks[below])
}
