// "did you mean ...?": the known name nearest to a word that is none, as core/base/suggest.h has it.
// Nearness is the number of single edits (insert, delete, replace, swap two neighbours) after folding
// case. A word may be wrong in a third of its characters, at least one.

import { at } from '../data/at'

const LONGEST = 64

function distance(a: string, b: string): number {
  const width = b.length + 1
  let [twoAbove, above, row] = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)]
  for (let j = 0; j < width; j++) row[j] = j
  for (let i = 1; i <= a.length; i++) {
    ;[twoAbove, above, row] = [above, row, twoAbove]
    row[0] = i
    for (let j = 1; j < width; j++) {
      const differs = a[i - 1] !== b[j - 1] ? 1 : 0
      let least = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + differs)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(twoAbove, j - 2) + 1)
      row[j] = least
    }
  }
  return at(row, b.length)
}

// How far two words of one length are apart letter by letter, in the alphabet.
function letterDistance(a: string, b: string): number {
  if (a.length !== b.length) return Infinity
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a.charCodeAt(i) - b.charCodeAt(i))
  return sum
}

export function suggest(word: string, candidates: readonly string[]): string | null {
  if (word.length === 0 || word.length > LONGEST) return null
  const folded = word.toLowerCase()
  let best = word.length < 6 ? 2 : Math.floor(word.length / 3) + 1 // one more than is allowed
  let nearest: string | null = null
  for (const candidate of candidates) {
    if (candidate.length === 0 || candidate.length > LONGEST) continue
    const other = candidate.toLowerCase()
    const edits = distance(folded, other)
    const tie =
      edits === best &&
      nearest !== null &&
      letterDistance(folded, other) < letterDistance(folded, nearest.toLowerCase())
    if (edits < best || tie) {
      best = edits
      nearest = candidate
    }
  }
  return nearest
}
