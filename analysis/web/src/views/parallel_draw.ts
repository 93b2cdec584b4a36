// Draws the lines of the parallel coordinates, a slice of time after the other, so that the page goes on
// answering while tens of thousands of them are drawn.
import { at } from '../data/at'
import { numberOf, type Report } from '../data/report'
import type { Selection } from '../query/select'
import { Ink, type Color } from '../ui/density'
import { verdictClass } from '../ui/verdict'
import { shareOf, type Axis } from './axes'

const SLICE_MS = 10
const ROWS_BETWEEN_LOOKS = 256 // at the clock
const FAINTEST = 0.3 // a single line
const SHADOW: Color = [128, 126, 120]
const SHADOW_FAINTEST = 0.05
const SHADOW_SHARE = 0.25

const breathe = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

function verdictColors(report: Report, element: Element): Color[] {
  const probe = document.createElement('span')
  element.append(probe)
  const colors = report.json.verdicts.map((v): Color => {
    probe.className = `probe ${verdictClass(v.name)}`
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number)
    return [red, green, blue]
  })
  probe.remove()
  return colors
}

export interface Lines {
  canvas: HTMLCanvasElement
  report: Report
  axes: { axis: Axis; x: number }[] // from left to right, px
  selection: Selection
}

// Runs that do not pass stay as a faint shadow. `isStale` tells that nobody waits for this picture any more.
export async function drawLines({ canvas, report, axes, selection }: Lines, isStale: () => boolean) {
  const { width, height } = canvas
  const { passes, rows } = selection
  const context = canvas.getContext('2d')
  const sheet = new OffscreenCanvas(width, height)
  const painter = sheet.getContext('2d')
  if (!context || !painter || !canvas.parentElement) return
  const colors = verdictColors(report, canvas.parentElement)
  const placed = axes.map(({ axis, x }) => {
    const ys = new Float32Array(report.count)
    for (let row = 0; row < ys.length; row++)
      ys[row] = (1 - shareOf(axis, numberOf(axis.column, row))) * (height - 1)
    return { x, ys }
  })
  const spans = placed.slice(1).map((right, k) => ({ left: at(placed, k), right }))
  let began = performance.now()
  const trace = async (wanted: 0 | 1, colorOf: (row: number) => Color): Promise<Ink | null> => {
    const ink = new Ink(width, height)
    for (let row = 0; row < report.count; row++) {
      if (row % ROWS_BETWEEN_LOOKS === 0 && performance.now() - began > SLICE_MS) {
        await breathe()
        if (isStale()) return null
        began = performance.now()
      }
      if (passes[row] !== wanted) continue
      const color = colorOf(row)
      for (const { left, right } of spans) {
        const [from, to] = [at(left.ys, row), at(right.ys, row)]
        if (!Number.isNaN(from) && !Number.isNaN(to)) ink.line(left.x, right.x, from, to, color)
      }
    }
    return ink
  }
  await breathe() // the table first
  if (isStale()) return
  const shadow = rows.length < report.count ? await trace(0, () => SHADOW) : new Ink(width, height)
  const lines = shadow && (await trace(1, (row) => at(colors, at(report.verdict, row))))
  if (!shadow || !lines) return
  const put = (ink: Ink, faintest: number, share: number) => {
    const image = context.createImageData(width, height)
    ink.paint(image, faintest, share)
    painter.putImageData(image, 0, 0)
    context.drawImage(sheet, 0, 0)
  }
  context.clearRect(0, 0, width, height)
  put(shadow, SHADOW_FAINTEST, SHADOW_SHARE)
  put(lines, FAINTEST, 1)
}
