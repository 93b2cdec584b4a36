// Which runs are shown, and in what order: expression, verdicts, brushes and stars, then the sort.
import { at } from '../data/at'
import { numberOf, type Report } from '../data/report'
import { ExpressionError, parseExpression, type Expression } from './expression'
import { sortRows, type SortKey } from './order'

export type Range = readonly [low: number, high: number]

export interface Query {
  where: string
  verdicts: readonly string[] // none: all
  brushes: Readonly<Record<string, Range>>
  starred: ReadonlySet<number> | null // rows; null: all
  sort: readonly SortKey[]
}

export interface Selection {
  rows: Uint32Array // those that pass, sorted
  passes: Uint8Array // by row
  error: ExpressionError | null // the expression's; then it is as if there were none
}

function compile(where: string, report: Report): Expression | null {
  if (where.trim() === '') return null
  const expression = parseExpression(where, report.named)
  if (!expression.isTruth)
    throw new ExpressionError(1, 'this is a number, not a condition; compare it: exc_gain > 0')
  return expression
}

const within = (value: number, low: number, high: number) => value >= low && value <= high

export function select(report: Report, query: Query): Selection {
  let expression: Expression | null = null
  let error: ExpressionError | null = null
  try {
    expression = compile(query.where, report)
  } catch (thrown) {
    if (!(thrown instanceof ExpressionError)) throw thrown
    error = thrown
  }
  const wanted = report.json.verdicts.map(
    (v) => query.verdicts.length === 0 || query.verdicts.includes(v.name)
  )
  const brushes = Object.entries(query.brushes).flatMap(([name, [low, high]]) => {
    const column = report.byName.get(name)
    return column?.kind === 'number' ? [{ column, low, high }] : []
  })
  const passes = new Uint8Array(report.count)
  let count = 0
  for (let row = 0; row < report.count; row++) {
    if (!at(wanted, at(report.verdict, row))) continue
    if (query.starred && !query.starred.has(row)) continue
    // Unknown figures are in no range.
    if (!brushes.every(({ column, low, high }) => within(numberOf(column, row), low, high))) continue
    if (expression && expression.value(row) === 0) continue
    passes[row] = 1
    count++
  }
  const rows = new Uint32Array(count)
  for (let row = 0, next = 0; row < report.count; row++) if (passes[row]) rows[next++] = row
  return { rows: sortRows(rows, query.sort, report.byName), passes, error }
}
