// The page's logic without a page: the language of the filter, sorting, CSV, the address, smoothing.
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

const modules = resolve(process.env.WEB_MODULES ?? 'analysis/web')
const require = createRequire(pathToFileURL(join(modules, 'package.json')))

// The sources are TypeScript: bundled first.
async function load(path) {
  const { outputFiles } = await require('esbuild').build({
    absWorkingDir: modules,
    entryPoints: [`src/${path}`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022'
  })
  const file = join(mkdtempSync(join(tmpdir(), 'vggsweep-web-')), 'module.mjs')
  writeFileSync(file, outputFiles[0].text)
  return import(pathToFileURL(file).href)
}

const { parseExpression } = await load('query/expression.ts')
const { sortRows } = await load('query/order.ts')
const { csvCell } = await load('query/export.ts')
const { readAddress, writeAddress, DEFAULTS } = await load('state/address.ts')
const { logMarks } = await load('ui/marks.ts')
const { decodeRow } = await load('data/chunks.ts')
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
const values = (expression) => [0, 1, 2].map(parseExpression(expression, columns).value)
const mistake = (expression) => {
  try {
    parseExpression(expression, columns)
  } catch (error) {
    return error.message
  }
  return 'no mistake'
}

test('expressions: arithmetic and precedence', () => {
  assert.deepEqual(values('1 + 2 * 3 - 4 / 2'), [5, 5, 5])
  assert.deepEqual(values('-(lambda + 1) * 2'), [-2, -102, -1002])
  assert.deepEqual(values('max(effect, 0.5) + min(lambda, 1) + abs(-1)'), [1.5, 2.5, 3])
  assert.deepEqual(values('.5e1 + 1.'), [6, 6, 6])
  assert.deepEqual(values('8 / 2 / 2'), [2, 2, 2])
})

test('expressions: conditions', () => {
  assert.deepEqual(values('layer == "relu4_3" && effect < 1'), [0, 1, 0])
  assert.deepEqual(values("status != 'done' || lambda == 0"), [1, 0, 1])
  assert.deepEqual(values('!(lambda >= 50)'), [1, 0, 0])
  assert.deepEqual(values('lambda == 0 || lambda == 50 && effect > 1'), [1, 0, 0])
})

test('expressions: NaN is only unequal, and spoils abs, min, max', () => {
  assert.deepEqual(values('exc_gain > -9'), [0, 1, 1])
  assert.deepEqual(values('exc_gain != exc_gain'), [1, 0, 0])
  assert.deepEqual(values('!(exc_gain > 0)'), [1, 0, 1])
  assert.ok(Number.isNaN(values('min(exc_gain, 1)')[0]))
})

test('expressions: axes by their last part', () => {
  assert.deepEqual(values('lr > 0.03'), [0, 1, 1])
  assert.deepEqual(values('optimizer.lr > 0.03'), [0, 1, 1])
  assert.equal(mistake('size > 3'), 'column 1: "size" may be image.size or style.size')
})

test('expressions: mistakes name their column and the way out', () => {
  assert.equal(
    mistake('lambda > 0 && exc_gian > 0'),
    'column 15: unknown name "exc_gian" (did you mean "exc_gain"?)'
  )
  assert.equal(mistake('lambda = 50'), 'column 8: unexpected "=" (did you mean "=="?)')
  assert.equal(mistake('lambda > 0 and effect > 1'), 'column 12: unexpected "and" (did you mean "&&"?)')
  assert.equal(mistake('0 < lambda < 50'), 'column 12: comparisons do not chain; write a < b && b < c')
  assert.equal(mistake('layer == "relu4_4"'), 'column 7: no layer is "relu4_4" (did you mean "relu4_3"?)')
  assert.equal(
    mistake('layer == relu4_3'),
    'column 10: unknown name "relu4_3"; a text stands in quotes: layer == "relu4_3"'
  )
  assert.equal(mistake('layer < "relu4_3"'), 'column 7: texts are compared with == and !=, not with <')
  assert.equal(mistake('layer == 3'), 'column 7: == cannot compare a text with a number')
  assert.equal(mistake('layer + 1'), 'column 7: + works on numbers, not on a text')
  assert.equal(mistake('!lambda'), 'column 1: ! works on conditions (a > b), not on a number')
  assert.equal(
    mistake('(lambda > 0) > 1'),
    'column 14: > compares numbers or texts; join conditions with && and ||'
  )
  assert.equal(mistake('(lambda'), 'column 8: expected an operator or ")", but the text ends here')
  assert.equal(
    mistake('lambda > '),
    'column 10: expected a name, a number, a text in quotes or "(", but the text ends here'
  )
  assert.equal(mistake('max(1)'), 'column 6: expected "," and another number, found ")"')
  assert.equal(mistake('layer == "x'), 'column 10: the text that begins here has no closing "')
  assert.equal(mistake('layer'), 'column 1: a text alone says nothing; compare it: layer == "relu4_3"')
  assert.equal(mistake('1e999 > 0'), 'column 1: 1e999 is too large a number')
  assert.match(
    mistake('completely_else > 0'),
    /^column 1: unknown name "completely_else"; there are layer, status/
  )
})

test('expressions: limits, and names that objects have by themselves', () => {
  assert.equal(mistake('('.repeat(65) + '1'), 'column 66: nested deeper than 64 levels')
  assert.equal(mistake(' '.repeat(4097)), 'column 4097: an expression has at most 4096 characters')
  assert.match(mistake('constructor > 0'), /unknown name "constructor"/)
  assert.match(mistake('__proto__ > 0'), /unknown name "__proto__"/)
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
