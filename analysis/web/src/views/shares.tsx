// How common each verdict is, per layer and lambda: "is this an isolated case?"
import type { Share } from '../data/contract'
import { useReport, useStore } from '../state/store'
import { formatCount, formatNumber, formatPercent } from '../ui/format'
import { Head } from '../ui/head'
import { letterOf, VerdictLabel, verdictClass } from '../ui/verdict'

const LETTER_FROM = 0.16 // a part of the bar this wide has room for its letter

function Bar({ share, layer, weight }: { share: Share | undefined; layer: string; weight: number }) {
  const store = useStore()
  const { json } = store.report
  const total = share ? share.counts.reduce((sum, n) => sum + n, 0) : 0
  if (!share || total === 0) return <span class="bar empty-bar">–</span>
  const parts = json.verdicts
    .map((v, i) => ({ name: v.name, n: share.counts[i] ?? 0 }))
    .filter((part) => part.n > 0)
  const text = parts.map((part) => `${part.n} ${part.name}`).join(', ')
  const where = `layer == "${layer}" && ${json.weight} == ${weight}`
  return (
    <a
      class="bar"
      href={store.href({ view: 'table', where, verdicts: [] })}
      title={text}
      aria-label={`${layer}, ${json.weight} ${formatNumber(weight)}: ${text}`}
    >
      {parts.map((part) => (
        <span
          key={part.name}
          class={verdictClass(part.name)}
          style={{ flexGrow: part.n }}
          data-letter={part.n / total >= LETTER_FROM ? letterOf(part.name) : ''}
        />
      ))}
    </a>
  )
}

function Key() {
  const store = useStore()
  const { verdicts, counts } = store.report.json
  const total = counts.stored || 1
  return (
    <ul class="share-key">
      {verdicts
        .filter((v) => v.count > 0)
        .map((v) => (
          <li key={v.name}>
            <a
              href={store.href({ view: 'table', verdicts: [v.name], where: '' })}
              title={`${v.meaning}: ${v.rule}`}
            >
              <VerdictLabel name={v.name} /> <span class="figure">{formatCount(v.count)}</span>{' '}
              <span class="figure faint">{formatPercent(v.count / total)}</span>
            </a>
          </li>
        ))}
    </ul>
  )
}

export function Shares() {
  const report = useReport()
  const find = (layer: string, weight: number) =>
    report.json.shares.find((s) => s.layer === layer && s.weight === weight)
  return (
    <section class="card">
      <h2>Shares of verdicts</h2>
      <table class="shares">
        <thead>
          <tr>
            <Head>layer</Head>
            {report.weights.map((w) => (
              <Head key={w}>
                {w === report.weights[0] ? `${report.json.weight} ` : ''}
                {formatNumber(w)}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.layers.map((layer) => (
            <tr key={layer}>
              <th scope="row">{layer}</th>
              {report.weights.map((w) => (
                <td key={w}>
                  <Bar share={find(layer, w)} layer={layer} weight={w} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Key />
    </section>
  )
}
