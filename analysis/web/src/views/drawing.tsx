// What a run's page tells of a drawing: how much of its excitation is left at each stage on the way to
// paper, its pens, what a plot of it takes, and what its best strokes alone are worth.
import { useMemo } from 'preact/hooks'

import type { Drawing } from '../data/contract'
import { baselineOf, figureOf, weightOf, type Report } from '../data/report'
import { useReport } from '../state/store'
import { formatNumber, formatPercent, weightName } from '../ui/format'
import { Head } from '../ui/head'
import { Plot, type Series } from '../ui/plot'

export function isDrawing(report: Report, row: number): boolean {
  return figureOf(report, 'strokes', row) > 0
}

// By the names of their columns, as `vggsweep show` has them.
const STAGES = [
  { name: 'free', exc: 'exc_free', kept: '' },
  { name: 'quantized', exc: 'exc_quantized', kept: 'kept_quantized' },
  { name: 'refined', exc: 'exc_refined', kept: 'kept_refined' },
  { name: 'plotted', exc: 'exc_plotted', kept: 'kept_plotted' }
]

// The bars say what the shares beside them say.
function Stages({ row }: { row: number }) {
  const report = useReport()
  const stages = STAGES.map(({ name, exc, kept }) => ({
    name,
    exc: figureOf(report, exc, row),
    kept: kept === '' ? 1 : figureOf(report, kept, row)
  })).filter((stage) => !Number.isNaN(stage.exc))
  const most = Math.max(1, ...stages.map((s) => s.kept).filter(Number.isFinite))
  return (
    <table class="plain stages">
      <caption>Excitation on the way to paper</caption>
      <thead>
        <tr>
          <Head>stage</Head>
          <Head figures>exc_eval</Head>
          <Head figures>kept</Head>
          <td />
        </tr>
      </thead>
      <tbody>
        {stages.map(({ name, exc, kept }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number">{formatNumber(exc)}</td>
            <td class="number">{formatPercent(kept)}</td>
            <td class="stage-bar" aria-hidden="true">
              <span style={{ width: `${(100 * Math.max(0, kept || 0)) / most}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Pens({ drawing }: { drawing: Drawing }) {
  if (drawing.pens.length === 0) return <p class="faint">No pens: its colours are free.</p>
  return (
    <table class="plain pens">
      <caption>Pens</caption>
      <thead>
        <tr>
          <Head span={2}>pen</Head>
          <Head>colour</Head>
          <Head figures>width</Head>
          <Head figures>strokes</Head>
        </tr>
      </thead>
      <tbody>
        {drawing.pens.map((pen, i) => (
          <tr key={i}>
            <td class="swatch" aria-hidden="true">
              <span style={{ background: pen.color, borderColor: drawing.paper }} />
            </td>
            <th scope="row">{pen.name}</th>
            <td>
              <code>{pen.color}</code>
            </td>
            <td class="number">{formatNumber(pen.width_mm)} mm</td>
            <td class="number">
              {formatNumber(pen.strokes)}
              {pen.is_paper && ' (the paper’s colour: not plotted)'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const PLOT: { name: string; column: string; show: (value: number) => string }[] = [
  { name: 'strokes', column: 'strokes', show: formatNumber },
  { name: 'pens', column: 'pens', show: formatNumber },
  { name: 'pen down', column: 'drawn_mm', show: (v) => `${(v / 1000).toFixed(2)} m` },
  { name: 'pen up', column: 'travel_mm', show: (v) => `${(v / 1000).toFixed(2)} m` },
  { name: 'lifts', column: 'lifts', show: formatNumber },
  { name: 'time', column: 'minutes', show: (v) => `${v.toFixed(1)} min` }
]

function PlotFigures({ row, baseline }: { row: number; baseline: number }) {
  const report = useReport()
  const beside = baseline >= 0
  const shown = (at: number, column: string, show: (value: number) => string) => {
    const value = figureOf(report, column, at)
    return Number.isNaN(value) ? '–' : show(value)
  }
  return (
    <table class="plain">
      <caption>Plotting it</caption>
      <thead>
        <tr>
          <Head>figure</Head>
          <Head figures>this run</Head>
          {beside && <Head figures>{weightName(report, 0)}</Head>}
        </tr>
      </thead>
      <tbody>
        {PLOT.map(({ name, column, show }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number">{shown(row, column, show)}</td>
            {beside && <td class="number faint">{shown(baseline, column, show)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

// The fewest measured strokes that reach a share of the whole drawing's excitation; 0 if that is silent.
export function strokesFor({ budget }: Drawing, share: number): number {
  const all = budget.exc_loss.at(-1) ?? NaN
  const reached = budget.exc_loss.findIndex((exc) => 1 + (all - exc) / Math.abs(all) >= share)
  return budget.strokes[reached] ?? 0
}

function Budget({ row, own, baseline }: { row: number; own: Drawing; baseline?: Drawing | null }) {
  const report = useReport()
  const { strokes } = own.budget
  const series = useMemo(() => {
    const curve = (label: string, drawing: Drawing): Series => ({
      label,
      values: Float32Array.from(drawing.budget.exc_loss),
      color: '--series-1'
    })
    const list = [curve(weightName(report, weightOf(report, row)), own)]
    if (baseline && baseline.budget.strokes.join() === strokes.join())
      list.unshift({
        ...curve(weightName(report, 0), baseline),
        color: '--series-baseline',
        dash: [4, 3]
      })
    return list
  }, [report, row, own, baseline, strokes])
  const all = strokes.at(-1)
  const [half, most] = [strokesFor(own, 0.5), strokesFor(own, 0.9)]
  return (
    <div class="budget">
      <h2>What the best strokes alone are worth</h2>
      <Plot title="exc_loss" over="stroke" steps={strokes} series={series} height={150} />
      {half > 0 && (
        <p class="faint">
          Half of the excitation takes {half} of {all} strokes, nine tenths{' '}
          {most === all ? 'all of them' : most}.
        </p>
      )}
    </div>
  )
}

export interface DrawingFactsProps {
  row: number
  own?: Drawing | null // undefined: not loaded yet
  baseline?: Drawing | null
}

export function DrawingFacts({ row, own, baseline }: DrawingFactsProps) {
  const report = useReport()
  return (
    <section class="run-drawing" aria-label="The drawing">
      <Stages row={row} />
      {own && <Pens drawing={own} />}
      <PlotFigures row={row} baseline={baselineOf(report, row)} />
      {own && own.budget.strokes.length > 1 && <Budget row={row} own={own} baseline={baseline} />}
    </section>
  )
}
