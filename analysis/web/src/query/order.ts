// Sorting by several columns: a permutation of row numbers, no row is touched.
import type { Column } from '../data/report'

export interface SortKey {
  column: string
  descending: boolean
}

// Numbers whose order is that of the column: its own, or the places of its words in the alphabet.
// The verdict keeps the order of interest that its words come in.
function sortable(column: Column): Float64Array {
  if (column.kind === 'number') return column.values
  const place = new Float64Array(column.words.length)
  const order = column.words.map((_, i) => i)
  if (column.name !== 'verdict') {
    const collator = new Intl.Collator('en', { numeric: true })
    order.sort((a, b) => collator.compare(column.words[a], column.words[b]))
  }
  order.forEach((word, i) => (place[word] = i))
  const values = new Float64Array(column.codes.length)
  for (let row = 0; row < values.length; row++) values[row] = place[column.codes[row]]
  return values
}

const prepared = new WeakMap<Column, Float64Array>()

function valuesOf(column: Column): Float64Array {
  let values = prepared.get(column)
  if (!values) prepared.set(column, (values = sortable(column)))
  return values
}

// Sorts rows in place. Unknown figures come last whichever way, equal rows stay in the order of the grid.
export function sortRows(
  rows: Uint32Array,
  keys: readonly SortKey[],
  byName: ReadonlyMap<string, Column>
): Uint32Array {
  const known = keys.filter((key) => byName.has(key.column))
  if (known.length === 0) return rows
  const values = known.map((key) => valuesOf(byName.get(key.column)!))
  const signs = known.map((key) => (key.descending ? -1 : 1))
  return rows.sort((a, b) => {
    for (let k = 0; k < values.length; k++) {
      const [x, y] = [values[k][a], values[k][b]]
      if (x === y) continue
      if (x < y) return -signs[k]
      if (x > y) return signs[k]
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
    }
    return a - b
  })
}
