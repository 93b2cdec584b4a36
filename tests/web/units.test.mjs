// The page's logic without a page: the language of the filter, sorting, CSV, the address, smoothing.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'

import { load } from './bundle.mjs'

const { parseExpression } = await load('query/expression.ts')
const { sortRows } = await load('query/order.ts')
const { csvCell } = await load('query/export.ts')
const { readAddress, writeAddress, DEFAULTS } = await load('state/address.ts')
const { logMarks } = await load('ui/marks.ts')
const { decodeRow } = await load('data/chunks.ts')
const { formatPercent, formatValue } = await load('ui/format.ts')
const { differences } = await load('query/difference.ts')

const number = (name, values, group = 'figure') => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
  unit: '',
  direction: 'none',
  formula: '',
  group
})
const text = (name, words, codes, group = 'identity') => ({
  name,
  kind: 'text',
  words,
  codes: Uint32Array.from(codes),
  unit: '',
  direction: 'none',
  formula: '',
  group
})
const columns = [
  text('layer', ['relu3_3', 'relu4_3'], [0, 1, 1]),
  text('status', ['done', 'failed'], [0, 0, 1]),
  number('lambda', [0, 50, 500], 'identity'),
  number('exc_gain', [NaN, 0.25, -0.5]),
  number('effect', [0, 0.5, 1]),
  number('optimizer.lr', [0.02, 0.05, 0.05], 'axis'),
  number('image.size', [64, 64, 96], 'axis'),
  number('style.size', [1, 2, 3], 'axis')
]
const mistake = (expression) => {
  try {
    parseExpression(expression, columns)
  } catch (error) {
    return error.message
  }
  return 'no mistake'
}

// The cases that the program runs too (analysis/rank/test_expression.c). A run is a place in every list.
const shared = JSON.parse(readFileSync(new URL('../golden/expressions.json', import.meta.url), 'utf8'))

function sharedColumn([name, cells], group) {
  if (typeof cells[0] !== 'string')
    return number(
      name,
      cells.map((cell) => cell ?? NaN),
      group
    )
  const words = name === 'verdict' ? shared.verdicts : [...new Set(cells)]
  return text(
    name,
    words,
    cells.map((cell) => words.indexOf(cell)),
    group
  )
}

const sharedColumns = [
  ...Object.entries(shared.columns).map((column) => sharedColumn(column, 'figure')),
  ...Object.entries(shared.axes).map((column) => sharedColumn(column, 'axis'))
]

// A text, or pieces of one: a number says how often the piece before it stands.
const sharedText = (pieces) =>
  [pieces].flat().reduce((all, piece, i, list) => {
    return all + (typeof piece === 'number' ? list[i - 1].repeat(piece - 1) : piece)
  }, '')

// What an expression comes to: { value } by run, truths as true and false, NaN as null; or { error }.
function outcome(expression) {
  try {
    const { isTruth, value } = parseExpression(expression, sharedColumns)
    const shown = (figure) => (isTruth ? figure !== 0 : Number.isNaN(figure) ? null : figure + 0)
    return { value: [0, 1, 2].map((run) => shown(value(run))) }
  } catch (error) {
    return { error: error.message }
  }
}

// The error is the message, or how it begins before "...".
function expected({ value, error }, found) {
  if (error === undefined) return { value: Array.isArray(value) ? value : [value, value, value] }
  const begin = error.endsWith('...') ? error.slice(0, -3) : null
  return begin !== null && found.error?.startsWith(begin) ? found : { error }
}

for (const { title, cases } of shared.groups)
  test(`expressions, shared with the program: ${title}`, () => {
    const found = cases.map(({ expression }) => outcome(sharedText(expression)))
    const problems = cases.flatMap((one, i) => {
      const wanted = expected(one, found[i])
      return isDeepStrictEqual(found[i], wanted)
        ? []
        : [{ expression: one.expression, found: found[i], wanted }]
    })
    assert.deepEqual(problems, [])
  })

test('expressions: what only the page has', () => {
  // In a shell the hint goes on: quotes in quotes.
  assert.equal(
    mistake('layer == relu4_3'),
    'column 10: unknown name "relu4_3"; a text stands in quotes: layer == "relu4_3"'
  )
  assert.match(mistake('completely_else > 0'), /; there are layer, status, lambda, .*style.size$/)
})

test('sorting: several keys, unknown figures last, ties in the grid’s order', () => {
  const byName = new Map(columns.map((c) => [c.name, c]))
  const sorted = (...keys) => [
    ...sortRows(
      Uint32Array.of(0, 1, 2),
      keys.map((k) => ({
        column: k.replace('-', ''),
        descending: k.startsWith('-')
      })),
      byName
    )
  ]
  assert.deepEqual(sorted('exc_gain'), [2, 1, 0])
  assert.deepEqual(sorted('-exc_gain'), [1, 2, 0])
  assert.deepEqual(sorted('-layer', '-lambda'), [2, 1, 0])
  assert.deepEqual(sorted('optimizer.lr'), [0, 1, 2])
  assert.deepEqual(sorted('nothing'), [0, 1, 2])
})

test('CSV: quotes and formulas', () => {
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"')
  assert.equal(csvCell('two\r\nlines'), '"two\r\nlines"')
  for (const first of ['=', '+', '-', '@', '\t', '\r']) assert.match(csvCell(`${first}x`), /^"?'/)
  assert.equal(csvCell(' =1+1'), "' =1+1")
  assert.equal(csvCell(-1.5), '-1.5')
  assert.equal(csvCell(NaN), '')
})

test('the address comes back as it was written', () => {
  const address = {
    ...DEFAULTS,
    view: 'table',
    where: 'layer == "relu4_3" && exc_gain > 0.1 || a != \'ü&#%+\'',
    verdicts: ['win', 'no-effect'],
    brushes: { coverage: [-0.5, 1e-7] },
    sort: [
      { column: 'exc_gain', descending: true },
      { column: 'layer', descending: false }
    ],
    tray: ['54005c63', '88d927bd'],
    notes: { '54005c63': 'a: b, c\n&?#' },
    flip: 0,
    size: 64,
    log: true,
    smooth: 0.5
  }
  const again = readAddress(writeAddress(address))
  assert.deepEqual({ ...again, notes: { ...again.notes } }, address)
  assert.equal(writeAddress(DEFAULTS), '#/')
  assert.equal(readAddress('#/nonsense?size=9999&smooth=x').size, 224)
})

test('log axes: decades, both sides of 0, and an end in any case', () => {
  assert.deepEqual(logMarks(0.5, 2000, 0), [1, 10, 100, 1000])
  assert.deepEqual(logMarks(1200, 9000, 0), [2000, 5000])
  assert.deepEqual(logMarks(-2e5, 500, 1000), [-1e5, -1e4, 0])
  assert.deepEqual(logMarks(-2e5, -500, 100), [-1e5, -1e4, -1e3])
  assert.deepEqual(logMarks(0, 0, 0), [0])
  assert.deepEqual(logMarks(-1, Infinity, 1), [0])
})

test('traces: a row of a chunk, wherever it begins among the bytes', () => {
  const steps = 5
  const all = Float32Array.from({ length: 4 * steps }, (_, i) => (i === 7 ? NaN : i * 1.5))
  const base64 = Buffer.from(all.buffer).toString('base64')
  for (let place = 0; place < 4; place++)
    assert.deepEqual(
      [...decodeRow(base64, place, steps)],
      [...all.subarray(place * steps, (place + 1) * steps)]
    )
})

test('specs: only keys that differ', () => {
  const found = differences(['{"a":{"b":1,"c":[1,2]},"d":"x"}', '{"a":{"b":2,"c":[1,2]},"d":"x","e":0}'])
  assert.deepEqual(found, [
    { key: 'a.b', values: ['1', '2'] },
    { key: 'e', values: ['', '0'] }
  ])
})

test('what is shown as zero has no sign', () => {
  assert.equal(formatPercent(-0, true), '0.0%')
  assert.equal(formatPercent(-0.0004, true), '0.0%')
  assert.equal(formatPercent(0.0004, true), '0.0%')
  assert.equal(formatPercent(-0.0006, true), '−0.1%')
  assert.equal(formatPercent(0.06, true), '+6.0%')
  const column = number('end_slope', [-0.00001, -12.5, 40, 60, -0])
  assert.deepEqual(
    [0, 1, 4].map((row) => formatValue(column, row)),
    ['0.00', '−12.50', '0.00']
  )
})
