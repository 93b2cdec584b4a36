// What is shown, as CSV or JSON.
import { numberOf, reasonOf, textOf, type Column, type Report } from '../data/report'

// RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it, which
// spreadsheets take for "this is text"; numbers stay as they are.
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value)
  const guarded = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

function cell(column: Column, row: number): string | number {
  return column.kind === 'number' ? numberOf(column, row) : textOf(column, row)
}

export function toCsv(report: Report, columns: readonly Column[], rows: Uint32Array): string {
  const lines = [[...columns.map((c) => csvCell(c.name)), 'reason'].join(',')]
  for (const row of rows)
    lines.push([...columns.map((c) => csvCell(cell(c, row))), csvCell(reasonOf(report, row))].join(','))
  return lines.join('\r\n') + '\r\n'
}

export function toJson(report: Report, columns: readonly Column[], rows: Uint32Array): string {
  const runs = Array.from(rows, (row) => {
    const figures = columns.map((c): [string, string | number | null] => {
      const value = cell(c, row)
      return [c.name, typeof value === 'number' && Number.isNaN(value) ? null : value]
    })
    return { ...Object.fromEntries<string | number | null>(figures), reason: reasonOf(report, row) }
  })
  return JSON.stringify(runs, null, 1) + '\n'
}

export function download(name: string, type: string, content: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

// A file name out of any text.
export function fileName(text: string, ending: string): string {
  const safe = text
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${safe || 'report'}.${ending}`
}
