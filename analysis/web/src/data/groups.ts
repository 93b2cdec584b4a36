// The atlas' rows: groups of runs that differ only in lambda, by layer.
import { at } from './at'
import { numberOf, textOf, weightOf, type Report } from './report'

export interface Group {
  channel: number
  key: string // names the group in the page
  rows: number[] // by weight (report.weights); -1: missing
  anchor: number // a row of the group, or -1 if all are missing
  seed: number
}

const memo = new WeakMap<Report, Map<string, Group[]>>()

function build(report: Report): Map<string, Group[]> {
  const place = new Map(report.weights.map((w, i) => [w, i]))
  const byLayer = new Map<string, Group[]>(report.layers.map((layer) => [layer, []]))
  const byCode = new Map<number, Group>()
  const stored = new Set<string>()
  for (let row = 0; row < report.count; row++) {
    const code = at(report.group.codes, row)
    let group = byCode.get(code)
    if (!group) {
      const [channel, seed] = [numberOf(report.channel, row), numberOf(report.seed, row)]
      group = { channel, seed, key: `g${code}`, rows: report.weights.map(() => -1), anchor: row }
      byCode.set(code, group)
      const layer = textOf(report.layer, row)
      byLayer.get(layer)?.push(group)
      stored.add(`${layer} ${channel} ${seed}`)
    }
    const w = place.get(weightOf(report, row))
    if (w !== undefined) group.rows[w] = row
  }
  // Groups of which nothing is stored.
  for (const m of report.json.missing) {
    const key = `${m.layer} ${m.channel} ${m.seed}`
    if (stored.has(key)) continue
    stored.add(key)
    byLayer
      .get(m.layer)
      ?.push({ channel: m.channel, seed: m.seed, key, rows: report.weights.map(() => -1), anchor: -1 })
  }
  for (const groups of byLayer.values()) groups.sort((a, b) => a.channel - b.channel)
  return byLayer
}

export function groupsOfLayer(report: Report, layer: string): Group[] {
  let groups = memo.get(report)
  if (!groups) memo.set(report, (groups = build(report)))
  return groups.get(layer) ?? []
}
