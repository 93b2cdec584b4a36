// Sorting by several columns: a permutation of row numbers, no row is touched.
import { at } from '../data/at'
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
    order.sort((a, b) => collator.compare(at(column.words, a), at(column.words, b)))
  }
  order.forEach((word, i) => (place[word] = i))
  const values = new Float64Array(column.codes.length)
  for (let row = 0; row < values.length; row++) values[row] = at(place, at(column.codes, row))
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
  const known = keys.flatMap(({ column: name, descending }) => {
    const column = byName.get(name)
    return column ? [{ values: valuesOf(column), sign: descending ? -1 : 1 }] : []
  })
  if (known.length === 0) return rows
  return rows.sort((a, b) => {
    for (const { values, sign } of known) {
      const [x, y] = [at(values, a), at(values, b)]
      if (x === y) continue
      if (x < y) return -sign
      if (x > y) return sign
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
    }
    return a - b
  })
}
