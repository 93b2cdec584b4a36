// lambda* or strength*: where a channel's drawing turns into the style. Per layer its spread, and every channel's
// bracket on demand.
import { useState } from 'preact/hooks'

import type { Collapse } from '../data/contract'
import { useReport } from '../state/store'
import { axisLabel, formatCount, formatNumber } from '../ui/format'
import { Head } from '../ui/head'
import { interpolated } from './axes'

const MOST = 500 // brackets listed

function spread(brackets: Collapse[]) {
  const estimates = brackets.flatMap((b) => (b.estimate === null ? [] : [b.estimate])).sort((a, b) => a - b)
  return {
    known: estimates.length,
    low: interpolated(estimates, 0.25),
    middle: interpolated(estimates, 0.5),
    high: interpolated(estimates, 0.75),
    never: brackets.filter((b) => b.above === null).length
  }
}

function bracket(b: Collapse): string {
  return `${b.below === null ? 'below' : formatNumber(b.below) + ' to'} ${b.above === null ? '…' : formatNumber(b.above)}`
}

function Brackets({ brackets }: { brackets: Collapse[] }) {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>Brackets of {formatCount(brackets.length)} channels</summary>
      {open && <BracketList brackets={brackets} />}
    </details>
  )
}

const known = (figure: number | null) => (figure === null ? '–' : formatNumber(figure))

// What an estimate is given as beside the weight of the sweep.
const others = { lambda: 'strength', strength: 'lambda', rho: null } as const

function BracketList({ brackets }: { brackets: Collapse[] }) {
  const other = others[useReport().json.weight]
  return (
    <div class="scroll-box" tabIndex={0} role="region" aria-label="Brackets">
      <table class="plain">
        <thead>
          <tr>
            <Head>case</Head>
            <Head figures>between</Head>
            <Head figures>estimate</Head>
            {other && <Head figures>{`as ${other}`}</Head>}
          </tr>
        </thead>
        <tbody>
          {brackets.slice(0, MOST).map((b, i) => (
            <tr key={i}>
              <td>
                {b.layer} {b.channel}
                <span class="faint">
                  {' '}
                  seed {b.seed}
                  {Object.entries(b.axes).map(([name, value]) => `, ${axisLabel(name)} ${value}`)}
                </span>
              </td>
              <td class="number">{bracket(b)}</td>
              <td class="number">{b.estimate === null ? '–' : formatNumber(b.estimate)}</td>
              {other && <td class="number">{known(b[other])}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {brackets.length > MOST && <p class="faint">… and {formatCount(brackets.length - MOST)} more</p>}
    </div>
  )
}

export function CollapseTable() {
  const report = useReport()
  const { collapse, weight } = report.json
  if (collapse.length === 0) return null
  return (
    <section class="card">
      <h2>{weight}*: where drawings collapse</h2>
      <table class="plain">
        <thead>
          <tr>
            <Head>layer</Head>
            <Head figures>median</Head>
            <Head figures>middle half</Head>
            <Head figures>never</Head>
          </tr>
        </thead>
        <tbody>
          {report.layers.map((layer) => {
            const s = spread(collapse.filter((b) => b.layer === layer))
            return (
              <tr key={layer}>
                <th scope="row">{layer}</th>
                <td class="number">{formatNumber(s.middle)}</td>
                <td class="number">
                  {s.known > 0 ? `${formatNumber(s.low)} to ${formatNumber(s.high)}` : '–'}
                </td>
                <td class="number">{formatCount(s.never)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <Brackets brackets={collapse} />
    </section>
  )
}
