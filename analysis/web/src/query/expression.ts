// What users write into the filter: the language of `rank --where` (analysis/rank/expression.h), with the same
// messages. Names are the report's columns; an axis may be called by its last part.
//
//   expression := and ('||' and)*
//   and        := not ('&&' not)*
//   not        := '!' not | comparison
//   comparison := sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)?
//   sum        := product (('+' | '-') product)*
//   product    := unary (('*' | '/') unary)*
//   unary      := '-' unary | primary
//   primary    := number | "text" | 'text' | name | '(' expression ')'
//               | abs(sum) | min(sum, sum) | max(sum, sum)
//
// The cases that both have to agree on are tests/golden/expressions.json. Types are settled while parsing, and a node is a function of the row at once: nothing is interpreted
// when rows are filtered. NaN is neither less, equal nor greater; only != is true of it.
import { numberOf, textOf, type Column, type TextColumn } from '../data/report'
import { suggest } from './suggest'

const MAX_LENGTH = 4096
const MAX_DEPTH = 64
const LONGEST_NAME = 63
const SHOWN = 64 // characters of what was found instead

// The layers of the network that can be named (core/vgg/vgg16.c).
const CONVOLUTIONS = [2, 2, 3, 3, 3] // of each block
const TAPS = CONVOLUTIONS.flatMap((count, i) => [
  ...Array.from({ length: count }, (_, k) => [`conv${i + 1}_${k + 1}`, `relu${i + 1}_${k + 1}`]).flat(),
  `pool${i + 1}`
])
// What a column can hold, whether or not a run of this report does: an expression means the same in every
// report. The verdict's column has all its words itself.
const WORDS: Record<string, readonly string[]> = {
  layer: TAPS,
  status: ['done', 'diverged', 'failed'],
  parametrization: ['pixels', 'fourier', 'strokes']
}

// The place of the mistake is counted in characters, from 1.
export class ExpressionError extends Error {
  constructor(column: number, message: string) {
    super(`column ${column}: ${message}`)
  }
}

type Type = 'number' | 'text' | 'truth'
type Value = (row: number) => number
interface NumberNode {
  type: 'number' | 'truth' // a truth is 0 or 1
  value: Value
}
interface TextNode {
  type: 'text'
  text?: string // a literal
  column?: TextColumn
  name?: string // of the column, as it was written
}
type Node = NumberNode | TextNode

export interface Expression {
  isTruth: boolean
  value: (row: number) => number
}

const TYPE_NAMES: Record<Type, string> = { number: 'a number', text: 'a text', truth: 'a condition' }
const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b
}
type Combine = (a: Value, b: Value) => Value
const ORS: Record<string, Combine> = { '||': (a, b) => (row) => a(row) || b(row) }
const ANDS: Record<string, Combine> = { '&&': (a, b) => (row) => a(row) && b(row) }
const SUMS: Record<string, Combine> = {
  '+': (a, b) => (row) => a(row) + b(row),
  '-': (a, b) => (row) => a(row) - b(row)
}
const PRODUCTS: Record<string, Combine> = {
  '*': (a, b) => (row) => a(row) * b(row),
  '/': (a, b) => (row) => a(row) / b(row)
}
// Math.min and Math.max of NaN are NaN, as they are to be.
interface NumberFunction {
  count: 1 | 2
  value: (a: number, b: number) => number
}
const FUNCTIONS = new Map<string, NumberFunction>([
  ['abs', { count: 1, value: Math.abs }],
  ['min', { count: 2, value: Math.min }],
  ['max', { count: 2, value: Math.max }]
])
const THEIRS: Record<string, string> = { and: '&&', or: '||', '=': '==', '&': '&&', '|': '||' }

const isNameStart = (c: string) => /[A-Za-z_]/.test(c)

// What a sticky pattern finds at a place; it may find nothing there.
function found(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
const nameAt = (text: string, at: number) => found(/[A-Za-z0-9_.]*/y, text, at)
const numberAt = (text: string, at: number) => found(/[0-9]*(\.[0-9]*)?([eE][+-]?[0-9]+)?/y, text, at)
const characterAt = (text: string, at: number) => found(/./suy, text, at)
const shortened = (text: string) => [...text].slice(0, SHOWN).join('')

class Parser {
  private at = 0
  private depth = 0
  private besideText = false // a text stands to the left of the comparison being read

  constructor(
    private readonly text: string,
    private readonly columns: readonly Column[]
  ) {}

  whole(): Expression {
    const root = this.or()
    if (this.next() !== '') this.failLeftOver()
    if (root.type === 'text') this.fail(0, 'a text alone says nothing; compare it: layer == "relu4_3"')
    return { isTruth: root.type === 'truth', value: root.value }
  }

  // --- characters

  private next(): string {
    while (/[ \t\n\v\f\r]/.test(this.text.charAt(this.at))) this.at++
    return characterAt(this.text, this.at)
  }

  private accept(word: string): boolean {
    this.next()
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  private acceptOne<T>(words: Record<string, T>): [string, T] | null {
    for (const [word, value] of Object.entries(words)) if (this.accept(word)) return [word, value]
    return null
  }

  private found(): string {
    const c = this.next()
    return isNameStart(c) ? shortened(nameAt(this.text, this.at)) : c
  }

  private fail(at: number, message: string): never {
    throw new ExpressionError([...this.text.slice(0, at)].length + 1, message)
  }

  private failExpected(expected: string): never {
    const found = this.found()
    this.fail(
      this.at,
      found === '' ? `expected ${expected}, but the text ends here` : `expected ${expected}, found "${found}"`
    )
  }

  private failLeftOver(): never {
    const found = this.found()
    if (Object.hasOwn(THEIRS, found))
      this.fail(this.at, `unexpected "${found}" (did you mean "${THEIRS[found]}"?)`)
    this.failExpected('an operator or the end')
  }

  private enter() {
    if (++this.depth > MAX_DEPTH) this.fail(this.at, `nested deeper than ${MAX_DEPTH} levels`)
  }

  // --- types

  private expect(node: Node, type: 'number' | 'truth', at: number, word: string): NumberNode {
    if (node.type === type) return node
    const what = type === 'number' ? 'numbers' : 'conditions (a > b)'
    this.fail(at, `${word} works on ${what}, not on ${TYPE_NAMES[node.type]}`)
  }

  // operand (word operand)*, grouped from the left. Types are looked at when both sides are read, so that a
  // mistyped name on the right is told before what the left one is not.
  private chain(type: 'number' | 'truth', words: Record<string, Combine>, operand: () => Node): Node {
    let left = operand()
    for (;;) {
      this.next()
      const at = this.at
      const found = this.acceptOne(words)
      if (!found) return left
      const [word, combine] = found
      const right = operand()
      const a = this.expect(left, type, at, word)
      const b = this.expect(right, type, at, word)
      left = { type, value: combine(a.value, b.value) }
    }
  }

  // --- the grammar, a method a line

  private or = (): Node => this.chain('truth', ORS, this.and)
  private and = (): Node => this.chain('truth', ANDS, this.not)

  private not = (): Node => {
    this.next()
    const at = this.at
    if (!this.accept('!')) return this.comparison()
    this.enter()
    const operand = this.expect(this.not(), 'truth', at, '!').value
    this.depth--
    return { type: 'truth', value: (row) => (operand(row) === 0 ? 1 : 0) }
  }

  private comparison(): Node {
    const left = this.sum()
    this.next()
    const at = this.at
    const found = this.acceptOne(COMPARISONS)
    if (!found) return left
    this.besideText = left.type === 'text'
    const right = this.sum()
    this.besideText = false
    const node = this.compare(found[0], found[1], left, right, at)
    this.next()
    const again = this.at
    if (this.acceptOne(COMPARISONS)) this.fail(again, 'comparisons do not chain; write a < b && b < c')
    return node
  }

  private compare(
    word: string,
    apply: (a: number, b: number) => boolean,
    left: Node,
    right: Node,
    at: number
  ): Node {
    if (left.type === 'truth' || right.type === 'truth')
      this.fail(at, `${word} compares numbers or texts; join conditions with && and ||`)
    if (left.type === 'text' && right.type === 'text') return this.compareTexts(word, left, right, at)
    if (left.type === 'text' || right.type === 'text')
      this.fail(at, `${word} cannot compare ${TYPE_NAMES[left.type]} with ${TYPE_NAMES[right.type]}`)
    const [a, b] = [left.value, right.value]
    return { type: 'truth', value: (row) => (apply(a(row), b(row)) ? 1 : 0) }
  }

  // A column against a literal compares codes, not characters.
  private compareTexts(word: string, left: TextNode, right: TextNode, at: number): Node {
    if (word !== '==' && word !== '!=') this.fail(at, `texts are compared with == and !=, not with ${word}`)
    const [yes, no] = word === '==' ? [1, 0] : [0, 1]
    if (left.column && right.column) {
      const [a, b] = [left.column, right.column]
      return { type: 'truth', value: (row) => (textOf(a, row) === textOf(b, row) ? yes : no) }
    }
    const column = left.column ?? right.column
    if (!column) return { type: 'truth', value: () => (left.text === right.text ? yes : no) }
    const text = left.text ?? right.text ?? ''
    this.checkWord(left.name ?? right.name ?? '', column, text, at)
    const code = column.words.indexOf(text)
    return { type: 'truth', value: (row) => (column.codes[row] === code ? yes : no) }
  }

  // A word that the column never holds would silently select nothing.
  private checkWord(name: string, column: TextColumn, text: string, at: number) {
    const known = name === 'verdict' ? column.words : Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
    if (!known || known.includes(text)) return
    const guess = suggest(text, known)
    this.fail(
      at,
      `no ${name} is "${text}" ` + (guess ? `(did you mean "${guess}"?)` : `(there are ${known.join(', ')})`)
    )
  }

  private sum = (): Node => this.chain('number', SUMS, this.product)
  private product = (): Node => this.chain('number', PRODUCTS, this.unary)

  private unary = (): Node => {
    this.next()
    const at = this.at
    if (!this.accept('-')) return this.primary()
    this.enter()
    const operand = this.expect(this.unary(), 'number', at, '-').value
    this.depth--
    return { type: 'number', value: (row) => -operand(row) }
  }

  private primary(): Node {
    const c = this.next()
    if (/[0-9]/.test(c) || (c === '.' && /[0-9]/.test(this.text.charAt(this.at + 1)))) return this.number()
    if (c === '"' || c === "'") return this.literal(c)
    if (isNameStart(c)) {
      const word = nameAt(this.text, this.at)
      const known = FUNCTIONS.get(word)
      return known ? this.call(word, known) : this.name(word)
    }
    if (!this.accept('(')) this.failExpected('a name, a number, a text in quotes or "("')
    this.enter()
    const inner = this.or()
    if (!this.accept(')')) this.failExpected('an operator or ")"')
    this.depth--
    return inner
  }

  private number(): Node {
    const digits = numberAt(this.text, this.at)
    if (digits.length >= 64) this.fail(this.at, 'a number of more than 63 characters')
    const value = Number(digits)
    if (!Number.isFinite(value)) this.fail(this.at, `${digits} is too large a number`)
    this.at += digits.length
    return { type: 'number', value: () => value }
  }

  private literal(quote: string): Node {
    const end = this.text.indexOf(quote, this.at + 1)
    if (end < 0) this.fail(this.at, `the text that begins here has no closing ${quote}`)
    const text = this.text.slice(this.at + 1, end)
    this.at = end + 1
    return { type: 'text', text }
  }

  private call(name: string, { count, value }: NumberFunction): Node {
    const at = this.at
    this.at += name.length
    if (!this.accept('(')) this.failExpected('"(" after the function\'s name')
    this.enter()
    const left = this.sum()
    if (count === 2 && !this.accept(',')) this.failExpected('"," and another number')
    const right = count === 2 ? this.sum() : left
    if (!this.accept(')')) this.failExpected('")"')
    this.depth--
    const a = this.expect(left, 'number', at, name).value
    const b = this.expect(right, 'number', at, name).value
    return { type: 'number', value: (row) => value(a(row), b(row)) }
  }

  // --- names

  private name(word: string): Node {
    const at = this.at
    if (word.length > LONGEST_NAME) this.fail(at, `no name is ${word.length} characters long`)
    this.at += word.length
    const column = this.columns.find((c) => c.name === word) ?? this.axisCalled(word, at)
    if (!column)
      return this.besideText || TAPS.includes(word) ? this.failUnquoted(at) : this.failUnknown(word, at)
    if (column.kind === 'text') return { type: 'text', column, name: word }
    return { type: 'number', value: (row) => numberOf(column, row) }
  }

  // "lr" for optimizer.lr.
  private axisCalled(word: string, at: number): Column | undefined {
    const fitting = this.columns.filter((c) => c.group === 'axis' && c.name.endsWith(`.${word}`))
    if (fitting.length > 1) this.fail(at, `"${word}" may be ${fitting.map((c) => c.name).join(' or ')}`)
    return fitting[0]
  }

  private failUnknown(word: string, at: number): never {
    const names = this.columns.map((c) => c.name)
    const lasts = this.columns
      .filter((c) => c.group === 'axis')
      .map((c) => c.name.slice(c.name.lastIndexOf('.') + 1))
    const guess = suggest(word, [...names, ...lasts])
    this.fail(
      at,
      `unknown name "${word}"` + (guess ? ` (did you mean "${guess}"?)` : `; there are ${names.join(', ')}`)
    )
  }

  private failUnquoted(at: number): never {
    const word = shortened(found(/[^ \t\n&|()=!<>"']*/y, this.text, at))
    this.fail(at, `unknown name "${word}"; a text stands in quotes: layer == "relu4_3"`)
  }
}

export function parseExpression(text: string, columns: readonly Column[]): Expression {
  if ([...text].length > MAX_LENGTH)
    throw new ExpressionError(MAX_LENGTH + 1, `an expression has at most ${MAX_LENGTH} characters`)
  return new Parser(text, columns).whole()
}
