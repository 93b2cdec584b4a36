// Curves over steps, by uPlot. Plots with the same `link` share one crosshair.
import { useEffect, useMemo, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

import { at } from '../data/at'
import { useTheme } from '../state/theme'
import { compactNumber, formatNumber } from './format'
import { logMarks } from './marks'

export interface Series {
  label: string
  values: Float32Array // over steps; NaN where there is none
  color: string // of a custom property: '--series-1'
  dash?: number[]
}

// `steps` and `series` are the same arrays as long as they are the same curves: new ones are drawn anew.
export interface PlotProps {
  title: string
  over?: string // what `steps` count, in the singular
  unit?: string
  steps: number[]
  series: Series[]
  log?: boolean
  smooth?: number // weight of the past, 0 to 0.95
  height?: number
  link?: string
}

const LOG_MARGIN = 1.1

type Points = (number | null)[]

const toPoints = (values: ArrayLike<number>): Points =>
  Array.from(values, (v) => (Number.isFinite(v) ? v : null))

// Exponential moving average without the start's bias towards 0 (as Adam's moments).
export function smoothed(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length).fill(NaN)
  let mean = 0
  let seen = 0
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i)
    if (!Number.isFinite(value)) continue
    mean = weight * mean + (1 - weight) * value
    seen = weight * seen + (1 - weight)
    out[i] = mean / seen
  }
  return out
}

// Losses below 0 have no logarithm: their axis is that of asinh, linear about 0 and logarithmic beyond.
function yScale(log: boolean, series: Series[]): uPlot.Scale {
  if (!log) return {}
  const sizes = series.flatMap((s) => Array.from(s.values)).filter((v) => Number.isFinite(v) && v !== 0)
  if (sizes.length === 0) return {}
  if (sizes.every((v) => v > 0))
    return { distr: 3, range: (_, low, high) => [low / LOG_MARGIN, high * LOG_MARGIN] }
  const largest = Math.max(...sizes.map(Math.abs))
  return { distr: 4, asinh: 10 ** Math.floor(Math.log10(largest / 100)) }
}

// What a custom property comes to just now, light or dark.
function cssColor(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const tickLabels = (_: uPlot, splits: number[]) => splits.map(compactNumber)

function describe(title: string, over: string, steps: number[], series: Series[]): string {
  const ends = series.map((s) => {
    const known = Array.from(s.values).filter(Number.isFinite)
    const [first, last] = [known[0], known.at(-1)]
    return first !== undefined && last !== undefined
      ? `${s.label} from ${formatNumber(first)} to ${formatNumber(last)}`
      : `${s.label} not logged`
  })
  return `${title} over ${steps.at(-1) ?? 0} ${over}s: ${ends.join('; ')}`
}

export function Plot({
  title,
  over = 'step',
  unit,
  steps,
  series,
  log = false,
  smooth = 0,
  height = 120,
  link
}: PlotProps) {
  const theme = useTheme()
  const holder = useRef<HTMLDivElement>(null)
  const readout = useRef<HTMLSpanElement>(null)
  const label = useMemo(() => describe(title, over, steps, series), [title, over, steps, series])

  useEffect(() => {
    const element = holder.current
    if (!element) return
    const ink = cssColor(element, '--ink-2')
    const line = cssColor(element, '--line')
    const font = '11px "Helvetica Neue", Helvetica, Arial, sans-serif'
    const drawn: { points: Points; options: uPlot.Series; label: string; shown: boolean }[] = []
    for (const s of series) {
      const color = cssColor(element, s.color)
      if (smooth > 0)
        drawn.push({
          points: toPoints(s.values),
          label: s.label,
          shown: false,
          options: { stroke: color, width: 1, alpha: 0.28, points: { show: false } }
        })
      const values = smooth > 0 ? smoothed(s.values, smooth) : s.values
      drawn.push({
        points: toPoints(values),
        label: s.label,
        shown: true,
        options: { stroke: color, width: 1.6, dash: s.dash, points: { show: false } }
      })
    }
    const axis = {
      stroke: ink,
      font,
      ticks: { stroke: line, width: 1, size: 4 },
      grid: { stroke: line, width: 1 }
    }
    const show = (u: uPlot) => {
      const idx = u.cursor.idx
      const values = drawn
        .map((d, i) => ({ d, value: idx == null ? null : u.data[i + 1]?.[idx] }))
        .filter(({ d }) => d.shown)
        .map(({ d, value }) => `${d.label} ${value == null ? '–' : compactNumber(value)}`)
      if (readout.current)
        readout.current.textContent =
          idx == null ? (unit ?? '') : `${over} ${u.data[0][idx]}: ${values.join(', ')}`
    }
    const scale = yScale(log, series)
    const plot = new uPlot(
      {
        width: element.clientWidth || 320,
        height,
        padding: [6, 14, 0, 0],
        legend: { show: false },
        scales: { x: { time: false }, y: scale },
        axes: [
          { ...axis, grid: { show: false }, size: 22, gap: 3, space: 60 },
          {
            ...axis,
            size: 46,
            gap: 4,
            space: 20,
            values: tickLabels,
            ...(scale.distr !== undefined && {
              splits: (_u: uPlot, _axis: number, low: number, high: number) =>
                logMarks(low, high, scale.asinh ?? 0),
              filter: (_u: uPlot, splits: number[]) => splits // all of them have a label
            })
          }
        ],
        series: [{}, ...drawn.map((d) => d.options)],
        cursor: {
          sync: link ? { key: link } : undefined,
          drag: { x: true, y: false },
          points: { size: 6 },
          y: false
        },
        hooks: { setCursor: [show], ready: [show] }
      },
      [steps, ...drawn.map((d) => d.points)] as uPlot.AlignedData,
      element
    )
    const resized = new ResizeObserver(() => {
      const width = element.clientWidth
      if (width > 0 && width !== plot.width) plot.setSize({ width, height })
    })
    resized.observe(element)
    return () => {
      resized.disconnect()
      plot.destroy()
    }
  }, [series, steps, over, unit, log, smooth, height, link, theme])

  return (
    <figure class="plot">
      <figcaption>
        <span class="plot-title">{title}</span>
        <span class="plot-readout" ref={readout} />
      </figcaption>
      <div ref={holder} class="plot-canvas" role="img" aria-label={label} style={{ height: `${height}px` }} />
    </figure>
  )
}

export interface LegendProps {
  series: { label: string; color: string; dash?: number[] }[]
}

export function Legend({ series }: LegendProps) {
  return (
    <ul class="legend">
      {series.map((s) => (
        <li key={s.label}>
          <svg width="22" height="8" aria-hidden="true">
            <line
              x1="0"
              y1="4"
              x2="22"
              y2="4"
              stroke-width="2"
              stroke-dasharray={s.dash?.join(' ')}
              style={{ stroke: `var(${s.color})` }}
            />
          </svg>
          {s.label}
        </li>
      ))}
    </ul>
  )
}
