// Parallel coordinates: a line per run, an axis per figure. Dragging along an axis keeps the runs whose
// figure lies in the range; the table shows the same ones.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import { varies, type NumberColumn, type Report } from '../data/report'
import type { Range, Selection } from '../query/select'
import { useReport, useSelection, useStore } from '../state/store'
import { useTheme } from '../state/theme'
import { Ink } from '../ui/density'
import { axisLabel, compactNumber, formatNumber, formatPercent } from '../ui/format'
import { verdictClass } from '../ui/verdict'

const HEIGHT = 190
const TOP = 24 // room for names
const BOTTOM = 14 // and for the values at the ends
const SIDE = 44
const AXES = 8
const CATCH = 14 // px on either side of an axis that catch the pointer
const FAINTEST = 0.3
const LEAST_DRAG = 4
const FEW = 12 // values that stand evenly spaced
const OUTER = 0.02 // share of values at either end that an axis may leave out
const STRETCH = 1.5

// lambda, other axes, then metrics; what is the same everywhere tells nothing.
function axesOf(report: Report): NumberColumn[] {
  const numbers = report.columns.filter((c): c is NumberColumn => c.kind === 'number')
  const metrics = numbers.filter((c) => c.group === 'metric')
  const figures = ['exc_eval', 'seconds'].flatMap((name) => numbers.find((c) => c.name === name) ?? [])
  const axes = numbers.filter((c) => c.group === 'axis')
  return [...new Set([report.channel, report.weight, ...axes, ...metrics, ...figures])].filter(varies).slice(0, AXES)
}

interface Axis {
  column: NumberColumn
  low: number
  high: number
  isCut: boolean // whether values lie beyond `high`
  ranks: number[] | null // few values (lambdas) stand evenly spaced, whatever they are
}

// The ends are those of the values, unless a few lie so far out that the others would be one point: then
// they are drawn at the end of an axis that suits the rest.
function axisOf(column: NumberColumn): Axis {
  const known = column.values.filter(Number.isFinite).sort()
  const distinct = new Set(known)
  const ranks = distinct.size <= FEW ? [...distinct] : null
  const at = (share: number) => known[Math.round(share * (known.length - 1))]
  const [low, high, within] = [at(0), at(1), at(1 - OUTER) - at(OUTER)]
  const stretch = STRETCH * within
  return { column, ranks, low: Math.max(low, at(OUTER) - stretch), high: Math.min(high, at(1 - OUTER) + stretch), isCut: high > at(1 - OUTER) + stretch }
}

// 0 at the bottom of the axis, 1 at its top.
function shareOf(axis: Axis, value: number): number {
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

function valueAt(axis: Axis, share: number): number {
  const s = Math.min(1, Math.max(0, share))
  if (!axis.ranks) return axis.low + s * (axis.high - axis.low)
  const at = s * (axis.ranks.length - 1)
  const below = Math.floor(at)
  const next = Math.min(axis.ranks.length - 1, below + 1)
  return axis.ranks[below] + (at - below) * (axis.ranks[next] - axis.ranks[below])
}

const formatEnd = (column: NumberColumn, value: number) => (column.unit.startsWith('share') ? formatPercent(value) : compactNumber(value))
const plotted = HEIGHT - TOP - BOTTOM

function verdictColors(report: Report, element: Element): number[][] {
  const probe = document.createElement('span')
  element.append(probe)
  const colors = report.json.verdicts.map((v) => {
    probe.className = `probe ${verdictClass(v.name)}`
    return (getComputedStyle(probe).color.match(/\d+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number)
  })
  probe.remove()
  return colors
}

// Runs that do not pass stay as a faint shadow.
function draw(canvas: HTMLCanvasElement, report: Report, axes: Axis[], places: number[], { passes, rows }: Selection) {
  const { width } = canvas
  const context = canvas.getContext('2d')!
  context.clearRect(0, 0, width, plotted)
  const colors = verdictColors(report, canvas.parentElement!)
  const heights = axes.map((axis) => Float32Array.from(axis.column.values, (v) => (1 - shareOf(axis, v)) * (plotted - 1)))
  const layer = (wanted: 0 | 1, grey: boolean): ImageData => {
    const ink = new Ink(width, plotted)
    for (let row = 0; row < report.count; row++) {
      if (passes[row] !== wanted) continue
      const color = grey ? [128, 126, 120] : colors[report.verdict[row]]
      for (let k = 0; k + 1 < axes.length; k++) {
        const [from, to] = [heights[k][row], heights[k + 1][row]]
        if (!Number.isNaN(from) && !Number.isNaN(to)) ink.line(places[k], places[k + 1], from, to, color)
      }
    }
    const image = context.createImageData(width, plotted)
    ink.paint(image, grey ? 0.05 : FAINTEST)
    if (grey) for (let i = 3; i < image.data.length; i += 4) image.data[i] *= 0.25
    return image
  }
  const put = (image: ImageData) => {
    const sheet = new OffscreenCanvas(width, plotted)
    sheet.getContext('2d')!.putImageData(image, 0, 0)
    context.drawImage(sheet, 0, 0)
  }
  if (rows.length < report.count) put(layer(0, true))
  put(layer(1, false))
}

interface AxisStripProps {
  axis: Axis
  x: number
  range: Range | undefined
  onRange: (range: Range | null) => void
}

function AxisStrip({ axis, x, range, onRange }: AxisStripProps) {
  const [dragged, setDragged] = useState<Range | null>(null)
  const shown = dragged ?? range
  const y = (value: number) => (1 - shareOf(axis, value)) * (plotted - 1)
  const name = axisLabel(axis.column.name)
  const down = (event: PointerEvent) => {
    const strip = event.currentTarget as HTMLElement
    const box = strip.getBoundingClientRect()
    const at = (e: PointerEvent) => valueAt(axis, 1 - (e.clientY - box.top) / (plotted - 1))
    const begin = { value: at(event), y: event.clientY }
    strip.setPointerCapture(event.pointerId)
    let now: Range | null = null
    const move = (e: PointerEvent) => {
      const value = at(e)
      now = Math.abs(e.clientY - begin.y) < LEAST_DRAG ? null : [Math.min(begin.value, value), Math.max(begin.value, value)]
      setDragged(now)
    }
    const up = () => {
      strip.removeEventListener('pointermove', move)
      strip.removeEventListener('pointerup', up)
      setDragged(null)
      onRange(now && [Number(now[0].toPrecision(4)), Number(now[1].toPrecision(4))])
    }
    strip.addEventListener('pointermove', move)
    strip.addEventListener('pointerup', up)
  }
  return (
    <div class="axis" style={{ left: `${x - CATCH}px`, width: `${2 * CATCH}px` }}>
      <span class="axis-name" title={`${axis.column.name} ${axis.column.formula}`}>
        {name}
      </span>
      <div class="axis-strip" style={{ top: `${TOP}px`, height: `${plotted}px` }} onPointerDown={down} title={`Drag to keep a range of ${name}`}>
        <span class="axis-line" />
        {shown && <span class="axis-range" style={{ top: `${y(shown[1])}px`, height: `${Math.max(2, y(shown[0]) - y(shown[1]))}px` }} />}
      </div>
      <span class="axis-end top" style={{ top: `${TOP - 3}px` }}>
        {axis.isCut && '≥ '}
        {formatEnd(axis.column, axis.high)}
      </span>
      <span class="axis-end" style={{ top: `${TOP + plotted - 10}px` }}>
        {formatEnd(axis.column, axis.low)}
      </span>
    </div>
  )
}

// The same by typing.
export function RangeFields() {
  const store = useStore()
  const axes = useAxes()
  const { brushes } = store.address
  const set = (name: string, range: Range) => store.adjust({ brushes: { ...brushes, [name]: range } })
  return (
    <details class="menu">
      <summary>Ranges</summary>
      <div class="menu-body ranges">
        {axes.map(({ column, low, high }) => {
          const [from, to] = brushes[column.name] ?? [low, high]
          return (
            <fieldset key={column.name}>
              <legend>{column.name}</legend>
              <input type="number" step="any" value={from} aria-label={`${column.name} from`} onChange={(e) => set(column.name, [Number(e.currentTarget.value), to])} />
              <span>to</span>
              <input type="number" step="any" value={to} aria-label={`${column.name} to`} onChange={(e) => set(column.name, [from, Number(e.currentTarget.value)])} />
            </fieldset>
          )
        })}
      </div>
    </details>
  )
}

function useAxes(): Axis[] {
  const report = useReport()
  return useMemo(() => axesOf(report).map(axisOf), [report])
}

function useWidth(): [(element: HTMLElement | null) => void, number] {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return [setElement, width]
}

export function Parallel() {
  const store = useStore()
  const report = useReport()
  const selection = useSelection()
  const theme = useTheme()
  const axes = useAxes()
  const [holder, width] = useWidth()
  const canvas = useRef<HTMLCanvasElement>(null)
  const places = useMemo(() => axes.map((_, k) => Math.round(SIDE + (k * (width - 2 * SIDE)) / Math.max(1, axes.length - 1))), [axes, width])

  // After the table: the picture may come a moment later.
  useEffect(() => {
    if (width === 0 || !canvas.current) return
    const timer = setTimeout(() => draw(canvas.current!, report, axes, places, selection), 0)
    return () => clearTimeout(timer)
  }, [report, axes, places, selection, theme, width])

  if (axes.length < 2) return null
  const { brushes } = store.address
  const brush = (name: string, range: Range | null) => {
    const others = Object.fromEntries(Object.entries(brushes).filter(([other]) => other !== name))
    store.go({ brushes: range ? { ...others, [name]: range } : others })
  }
  const label = `${formatNumber(selection.rows.length)} runs as lines over ${axes.map((a) => a.column.name).join(', ')}. Ranges can be typed under "Ranges".`
  return (
    <section class="parallel" aria-label="Parallel coordinates">
      <div class="parallel-plot" ref={holder} style={{ height: `${HEIGHT}px` }}>
        <canvas ref={canvas} width={Math.max(1, width)} height={plotted} style={{ top: `${TOP}px` }} role="img" aria-label={label} />
        {width > 0 &&
          axes.map((axis, k) => (
            <AxisStrip key={axis.column.name} axis={axis} x={places[k]} range={brushes[axis.column.name]} onRange={(range) => brush(axis.column.name, range)} />
          ))}
      </div>
    </section>
  )
}
