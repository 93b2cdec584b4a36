// A verdict's mark: a letter on its colour, so that nothing is told by colour alone. The letter is the
// style sheet's (data-letter): the name beside the mark, or around it, is what is read aloud.
import { verdictOf, type Report } from '../data/report'

const LETTERS: Record<string, string> = {
  win: 'W',
  unproven: 'P',
  rescued: 'R',
  sparse: 'S',
  tradeoff: 'T',
  'no-effect': 'N',
  collapse: 'C',
  dead: 'D',
  diverged: 'V',
  failed: 'F',
  baseline: 'B',
  unpaired: 'U',
  missing: 'M'
}

export function letterOf(name: string): string {
  return LETTERS[name] ?? (name[0] ?? '?').toUpperCase()
}

// The class that gives the mark its colour (style/verdicts.css); a verdict that is not known has none.
export function verdictClass(name: string): string {
  return name in LETTERS ? `v-${name}` : 'v-other'
}

export function VerdictMark({ name }: { name: string }) {
  return <span class={`mark ${verdictClass(name)}`} data-letter={letterOf(name)} aria-hidden="true" />
}

export function VerdictLabel({ name }: { name: string }) {
  return (
    <span class="verdict">
      <VerdictMark name={name} />
      {name}
    </span>
  )
}

export function verdictName(report: Report, row: number): string {
  return verdictOf(report, row).name
}
