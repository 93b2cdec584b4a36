// Where a run's pictures are, relative to the page.
import { at } from './at'
import { idOf, type Report } from './report'

export function hasPicture(report: Report, row: number): boolean {
  return at(report.json.thumbnail.sheet, row) >= 0
}

export function pictureUrl(report: Report, row: number): string {
  return `pictures/${idOf(report, row)}.jpg`
}

// The final picture to look at closely: the drawing itself where there is one.
export function closeUrl(report: Report, row: number): string {
  return report.vectors.has(row) ? `drawings/${idOf(report, row)}.svg` : pictureUrl(report, row)
}

// The drawing in its pens' colours and widths.
export function plottedUrl(report: Report, row: number): string | null {
  return report.plotted.has(row) ? `drawings/${idOf(report, row)}-plotted.svg` : null
}

// Height by width in px.
export function pictureSize(report: Report, row: number): [number, number] {
  const { height, width } = report.json.picture
  return [Array.isArray(height) ? at(height, row) : height, Array.isArray(width) ? at(width, row) : width]
}

export interface Snapshots {
  url: string // a strip of all of them, left to right
  steps: number[]
}

// The mask may have more than 32 bits, so it is taken apart by division.
export function snapshotsOf(report: Report, row: number): Snapshots | null {
  const { steps, taken } = report.json.snapshots
  const mask = taken[row] ?? 0
  const own = steps.filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1)
  return own.length > 0 ? { url: `snapshots/${idOf(report, row)}.jpg`, steps: own } : null
}

// A thumbnail as a background: its sheet, scaled so that a cell is `size` px.
export function thumbnailStyle(report: Report, row: number, size: number): Record<string, string> {
  const { columns, rows, sheet, cell } = report.json.thumbnail
  const place = at(cell, row)
  const x = place % columns
  const y = Math.floor(place / columns)
  return {
    width: `${size}px`,
    height: `${size}px`,
    backgroundImage: `url(sheets/${at(sheet, row)}.jpg)`,
    backgroundSize: `${columns * size}px ${rows * size}px`,
    backgroundPosition: `${-x * size}px ${-y * size}px`
  }
}
