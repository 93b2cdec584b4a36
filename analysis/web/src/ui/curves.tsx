// All traces of one or several runs, with the controls of their axes.
import { useMemo } from 'preact/hooks'

import { at } from '../data/at'
import type { RunDetails } from '../data/chunks'
import { baselineOf, weightOf, type Report } from '../data/report'
import { useStore } from '../state/store'
import { weightName } from './format'
import { Plot, type Series } from './plot'

export interface Curve {
  row: number
  label: string
  color: string
  dash?: number[]
}

// Evenly spaced in looks, and apart without colour by their dashes.
const CURVE_STYLES: { color: string; dash?: number[] }[] = [
  { color: '--series-1' },
  { color: '--series-2', dash: [6, 3] },
  { color: '--series-3', dash: [2, 2] },
  { color: '--series-4', dash: [9, 3, 2, 3] },
  { color: '--series-5', dash: [4, 4] },
  { color: '--series-6', dash: [1, 3] }
]

export function curveStyle(i: number) {
  return at(CURVE_STYLES, i % CURVE_STYLES.length)
}

// Of a run, and of its baseline before it where there is one.
export function pairCurves(report: Report, row: number): Curve[] {
  const baseline = baselineOf(report, row)
  const own = { row, label: weightName(report, weightOf(report, row)), color: '--series-1' }
  if (baseline < 0) return [own]
  return [{ row: baseline, label: weightName(report, 0), color: '--series-baseline', dash: [4, 3] }, own]
}

// A trace of these runs, of those that have arrived.
export function seriesOf(name: string, curves: Curve[], details: Map<number, RunDetails>) {
  const series = curves.flatMap((curve): Series[] => {
    const values = details.get(curve.row)?.traces.get(name)
    return values ? [{ ...curve, values }] : []
  })
  return { name, series }
}

export function CurveControls() {
  const store = useStore()
  const { log, smooth } = store.address
  return (
    <div class="curve-controls">
      <label class="check">
        <input type="checkbox" checked={log} onChange={() => store.adjust((now) => ({ log: !now.log }))} />{' '}
        log axis
      </label>
      <label class="slider">
        smoothing
        <input
          type="range"
          min={0}
          max={0.95}
          step={0.05}
          value={smooth}
          onInput={(e) => store.adjust({ smooth: Number(e.currentTarget.value) })}
        />
        <output class="figure">{smooth.toFixed(2)}</output>
      </label>
    </div>
  )
}

export interface CurveGridProps {
  curves: Curve[] // the same array as long as they are the same: a new one is drawn anew
  details: Map<number, RunDetails>
  names: string[]
  link: string
  height?: number
}

export function CurveGrid({ curves, details, names, link, height = 130 }: CurveGridProps) {
  const store = useStore()
  const { log, smooth } = store.address
  const { steps } = store.report.json.traces
  const plots = useMemo(
    () => names.map((name) => seriesOf(name, curves, details)).filter(({ series }) => series.length > 0),
    [curves, details, names]
  )
  return (
    <div class="curve-grid">
      {plots.map(({ name, series }) => (
        <Plot
          key={name}
          title={name}
          steps={steps}
          series={series}
          log={log}
          smooth={smooth}
          link={link}
          height={height}
        />
      ))}
      {plots.length === 0 && names.map((name) => <div key={name} class="plot-placeholder" />)}
    </div>
  )
}
