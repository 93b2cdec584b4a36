// Parallel coordinates: a line per run, an axis per figure. Dragging along an axis keeps the runs whose
// figure lies in the range; the table shows the same ones.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'

import type { NumberColumn } from '../data/report'
import type { Range } from '../query/select'
import { useReport, useSelection, useStore } from '../state/store'
import { useTheme } from '../state/theme'
import { axisLabel, compactNumber, formatNumber, formatPercent } from '../ui/format'
import { axesOf, axisOf, shareOf, valueAt, without, type Axis } from './axes'
import { drawLines } from './parallel_draw'

const HEIGHT = 190
const TOP = 24 // room for names
const BOTTOM = 14 // and for the values at the ends
const SIDE = 44
const CATCH = 14 // px on either side of an axis that catch the pointer
const LEAST_DRAG = 4
const MANY = 4000 // lines: more are drawn half as wide, which is twice as fast and looks the same

const formatEnd = (column: NumberColumn, value: number) =>
  column.unit.startsWith('share') ? formatPercent(value) : compactNumber(value)
const plotted = HEIGHT - TOP - BOTTOM

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
      now =
        Math.abs(e.clientY - begin.y) < LEAST_DRAG
          ? null
          : [Math.min(begin.value, value), Math.max(begin.value, value)]
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
      <div
        class="axis-strip"
        style={{ top: `${TOP}px`, height: `${plotted}px` }}
        onPointerDown={down}
        title={`Drag to keep a range of ${name}`}
      >
        <span class="axis-line" />
        {shown && (
          <span
            class="axis-range"
            style={{ top: `${y(shown[1])}px`, height: `${Math.max(2, y(shown[0]) - y(shown[1]))}px` }}
          />
        )}
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
  const set = (name: string, range: Range) =>
    store.adjust((now) => ({ brushes: { ...now.brushes, [name]: range } }))
  return (
    <details class="menu">
      <summary>Ranges</summary>
      <div class="menu-body ranges">
        {axes.map(({ column, low, high }) => {
          const [from, to] = brushes[column.name] ?? [low, high]
          return (
            <fieldset key={column.name}>
              <legend>{column.name}</legend>
              <input
                type="number"
                step="any"
                value={from}
                aria-label={`${column.name} from`}
                onChange={(e) => set(column.name, [Number(e.currentTarget.value), to])}
              />
              <span>to</span>
              <input
                type="number"
                step="any"
                value={to}
                aria-label={`${column.name} to`}
                onChange={(e) => set(column.name, [from, Number(e.currentTarget.value)])}
              />
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
  const coarse = report.count > MANY ? 2 : 1 // pixels of the page to one of the picture, across
  const canvas = useRef<HTMLCanvasElement>(null)
  const placed = useMemo(() => {
    const apart = (width - 2 * SIDE) / Math.max(1, axes.length - 1)
    return axes.map((axis, k) => ({ axis, x: Math.round(SIDE + k * apart) }))
  }, [axes, width])

  useEffect(() => {
    if (width === 0 || !canvas.current) return
    let isStale = false
    const drawn = placed.map(({ axis, x }) => ({ axis, x: Math.round(x / coarse) }))
    void drawLines({ canvas: canvas.current, report, axes: drawn, selection }, () => isStale)
    return () => void (isStale = true)
  }, [report, placed, selection, coarse, theme, width])

  if (axes.length < 2) return null
  const { brushes } = store.address
  const brush = (name: string, range: Range | null) =>
    store.go(({ brushes: now }) => ({ brushes: range ? { ...now, [name]: range } : without(now, name) }))
  const label = `${formatNumber(selection.rows.length)} runs as lines over ${axes.map((a) => a.column.name).join(', ')}. Ranges can be typed under "Ranges".`
  return (
    <section class="parallel" aria-label="Parallel coordinates">
      <div class="parallel-plot" ref={holder} style={{ height: `${HEIGHT}px` }}>
        <canvas
          ref={canvas}
          width={Math.max(1, Math.round(width / coarse))}
          height={plotted}
          style={{ top: `${TOP}px` }}
          role="img"
          aria-label={label}
        />
        {width > 0 &&
          placed.map(({ axis, x }) => (
            <AxisStrip
              key={axis.column.name}
              axis={axis}
              x={x}
              range={brushes[axis.column.name]}
              onRange={(range) => brush(axis.column.name, range)}
            />
          ))}
      </div>
    </section>
  )
}
