// What `vggsweep report` writes (analysis/report_data.c, report_columns.c, report_chunks.c), described once: the
// page's types come from it, and tests/web/contract.test.mjs holds reports of the program, and the made-up ones,
// against it. The page itself checks nothing: it was built together with the program that writes its data.

export interface Shape<T> {
  check: (value: unknown, path: string) => string[] // what is wrong, each with the place
  readonly of?: T // for the type checker alone
}
export type Of<S> = S extends Shape<infer T> ? T : never

function shape<T>(what: string, fits: (value: unknown) => boolean): Shape<T> {
  return {
    check: (value, path) => (fits(value) ? [] : [`${path} is ${brief(value)}, not ${what}`])
  }
}

function brief(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, 60)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = shape<string>('a text', (v) => typeof v === 'string')
const number = shape<number>('a number', (v) => typeof v === 'number')
const count = shape<number>('a whole number', (v) => Number.isInteger(v) && Number(v) >= 0)
const countOrNone = shape<number>('a whole number or -1', (v) => Number.isInteger(v) && Number(v) >= -1)
const truth = shape<boolean>('true or false', (v) => typeof v === 'boolean')

function word<const W extends readonly string[]>(...words: W): Shape<W[number]> {
  return shape(words.join(' or '), (v) => words.includes(v as string))
}

function orNull<T>(inner: Shape<T>): Shape<T | null> {
  return { check: (value, path) => (value === null ? [] : inner.check(value, path)) }
}

function list<T>(inner: Shape<T>): Shape<T[]> {
  return {
    check: (value, path) =>
      Array.isArray(value)
        ? value.flatMap((element, i) => inner.check(element, `${path}[${i}]`))
        : [`${path} is ${brief(value)}, not a list`]
  }
}

// By names that the data choose.
function table<T>(inner: Shape<T>): Shape<Record<string, T>> {
  return {
    check: (value, path) =>
      isObject(value)
        ? Object.entries(value).flatMap(([name, member]) => inner.check(member, `${path}.${name}`))
        : [`${path} is ${brief(value)}, not an object`]
  }
}

// With exactly these members: what the page has no name for was written for nobody.
function members<M extends Record<string, Shape<unknown>>>(shapes: M): Shape<{ [K in keyof M]: Of<M[K]> }> {
  return {
    check: (value, path) =>
      isObject(value)
        ? [
            ...Object.entries(shapes).flatMap(([name, inner]) => inner.check(value[name], `${path}.${name}`)),
            ...Object.keys(value)
              .filter((name) => !Object.hasOwn(shapes, name))
              .map((name) => `${path}.${name} is not known to the page`)
          ]
        : [`${path} is ${brief(value)}, not an object`]
  }
}

// One shape or another; of the problems those of the one that fits best are told.
function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    check: (value, path) => {
      const [first, second] = [a.check(value, path), b.check(value, path)]
      return first.length <= second.length ? first : second
    }
  }
}

function orAbsent<T>(inner: Shape<T>): Shape<T | undefined> {
  return { check: (value, path) => (value === undefined ? [] : inner.check(value, path)) }
}

// --- what the page knows when it opens

const byRow = list // an element a run, in the order of the grid
const figures = byRow(orNull(number)) // null: not known
const axes = table(either(number, text)) // values of keys that vary

const columnInfo = members({
  name: text,
  kind: word('text', 'number'),
  unit: text,
  direction: word('higher', 'lower', 'none'),
  formula: text,
  group: word('identity', 'axis', 'figure', 'metric')
})
const coded = members({ words: list(text), codes: byRow(count) })
const verdict = members({ name: text, meaning: text, rule: text, count })
const missing = members({ layer: text, channel: count, weight: number, seed: number, axes })
const share = members({ layer: text, weight: number, counts: list(count) }) // counts by verdict
const collapse = members({
  layer: text,
  channel: count,
  seed: number,
  axes,
  below: orNull(number),
  above: orNull(number),
  estimate: orNull(number),
  lambda: orNull(number), // the estimate, as it is and in units of the group's run at 0
  strength: orNull(number)
})
const counts = members({
  planned: count,
  stored: count,
  done: count,
  diverged: count,
  failed: count,
  missing: count
})

export const reportShape = members({
  format: count,
  name: text,
  sweep: text, // the file, as it was written
  created: text,
  finished: text,
  generated: text,
  program: members({ version: text, commit: text }),
  weights: members({ family: text, sha256: text, name: orNull(text) }),
  counts,
  live: truth,
  weight: word('lambda', 'rho', 'strength'),
  columns: list(columnInfo),
  values: table(either(coded, either(figures, byRow(text)))), // by column; ids are texts that are all different
  baseline: byRow(countOrNone), // a row
  case: byRow(count),
  verdicts: list(verdict),
  verdict: byRow(count), // its place in verdicts
  reason: byRow(text),
  cases: members({
    verdict: list(countOrNone),
    seeds: list(count),
    agreeing: list(count),
    gain_mean: list(orNull(number)),
    gain_low: list(orNull(number)),
    gain_high: list(orNull(number))
  }),
  headlines: list(members({ verdict: count, row: count })),
  channels: members({ excited: list(count), different: list(count) }), // rows; empty where runs are compared
  shares: list(share),
  collapse: list(collapse),
  thumbnail: members({
    side: count,
    columns: count,
    rows: count,
    sheet: byRow(countOrNone),
    cell: byRow(countOrNone)
  }),
  picture: members({ height: either(count, byRow(count)), width: either(count, byRow(count)) }), // one number where all are alike
  snapshots: members({ steps: list(count), taken: byRow(count) }), // a bit for each step
  drawings: members({ svg: list(count), plotted: list(count) }), // rows whose drawing is there as vectors
  traces: members({ names: list(text), steps: list(count), chunk: count }),
  missing: list(missing)
})

export type ReportJson = Of<typeof reportShape>
export type ColumnInfo = Of<typeof columnInfo>
export type Coded = Of<typeof coded>
export type Verdict = Of<typeof verdict>
export type Share = Of<typeof share>
export type Collapse = Of<typeof collapse>

// --- what comes by the chunk

const pen = members({ name: text, color: text, width_mm: number, strokes: count, is_paper: truth }) // #rrggbb
const drawing = members({
  paper: text,
  pens: list(pen),
  budget: members({ strokes: list(count), exc_loss: list(number) }) // of so many of the best strokes alone, increasing
})

export const chunkShape = members({
  first: count,
  count,
  traces: table(text), // base64 of (count, steps) little-endian float32
  spec: byRow(orNull(text)), // null: could not be read
  command: byRow(orNull(text)),
  drawing: orAbsent(byRow(orNull(drawing))) // where any run is one
})

export type Chunk = Of<typeof chunkShape>
export type Drawing = Of<typeof drawing>

// --- what shapes do not say

// Lists by run have an element a run, and places lead into their lists.
export function placeProblems(json: ReportJson): string[] {
  const runs = json.counts.stored
  const lists = {
    baseline: json.baseline,
    case: json.case,
    verdict: json.verdict,
    reason: json.reason,
    'thumbnail.sheet': json.thumbnail.sheet,
    'thumbnail.cell': json.thumbnail.cell,
    'snapshots.taken': json.snapshots.taken
  }
  const lengths = [
    ...Object.entries(lists).map(([name, all]) => ({ name, length: all.length })),
    ...Object.entries(json.values).map(([name, values]) => ({
      name: `values.${name}`,
      length: Array.isArray(values) ? values.length : values.codes.length
    }))
  ]
  const leads = [
    { name: 'verdict', places: json.verdict, into: json.verdicts.length },
    { name: 'headlines.verdict', places: json.headlines.map((h) => h.verdict), into: json.verdicts.length },
    { name: 'headlines.row', places: json.headlines.map((h) => h.row), into: runs },
    { name: 'baseline', places: json.baseline, into: runs },
    { name: 'case', places: json.case, into: json.cases.seeds.length },
    { name: 'drawings.svg', places: json.drawings.svg, into: runs },
    { name: 'drawings.plotted', places: json.drawings.plotted, into: runs },
    ...Object.entries(json.values).flatMap(([name, values]) =>
      Array.isArray(values)
        ? []
        : [{ name: `values.${name}`, places: values.codes, into: values.words.length }]
    )
  ]
  // The verdict's column is made of `verdict`.
  const described = json.columns.map((column) => column.name).filter((name) => name !== 'verdict')
  const given = Object.keys(json.values)
  return [
    ...lengths.flatMap(({ name, length }) =>
      length === runs ? [] : [`${name}: ${length} elements for ${runs} runs`]
    ),
    ...leads.flatMap(({ name, places, into }) =>
      Math.max(-1, ...places) < into ? [] : [`${name} leads beyond ${into}`]
    ),
    ...json.columns.flatMap(({ name, kind }) => {
      const values = json.values[name]
      const isNumbers = Array.isArray(values) && values.every((value) => typeof value !== 'string')
      return kind === 'number' && !isNumbers ? [`values of ${name} are no numbers`] : []
    }),
    ...described.filter((name) => !given.includes(name)).map((name) => `column ${name} has no values`),
    ...given.filter((name) => !described.includes(name)).map((name) => `values ${name} have no column`)
  ]
}
