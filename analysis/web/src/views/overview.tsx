// The first screen: how it went, the headline cases of each verdict, how common each verdict is.
import { useMemo, useRef, useState } from 'preact/hooks'

import { at } from '../data/at'
import type { Verdict } from '../data/contract'
import { baselineOf, figureOf, reasonOf, weightOf } from '../data/report'
import { useReport, useStore } from '../state/store'
import { RunLink, StarButton, TrayButton } from '../ui/buttons'
import { pairCurves, seriesOf } from '../ui/curves'
import { useDetails } from '../ui/details'
import { caseName, formatCount, formatNumber, formatTime, runName, weightName } from '../ui/format'
import { useSeen } from '../ui/measure'
import { NoPicture, Picture, Thumbnail } from '../ui/picture'
import { Legend, Plot } from '../ui/plot'
import { VerdictMark } from '../ui/verdict'
import { ZoomGroup, ZoomReset } from '../ui/zoom'
import { CollapseTable } from './collapse'
import { Counts } from './counts'
import { Shares } from './shares'

const CURVES = ['exc_loss', 'style_dist']

function PairCurves({ row, seen }: { row: number; seen: boolean }) {
  const report = useReport()
  const curves = useMemo(() => pairCurves(report, row), [report, row])
  const rows = useMemo(() => curves.map((curve) => curve.row), [curves])
  const { details, error } = useDetails(rows, seen)
  const plots = useMemo(() => CURVES.map((name) => seriesOf(name, curves, details)), [curves, details])
  if (error) return <p class="problem">{error}</p>
  return (
    <div class="curves">
      <Legend series={curves} />
      {plots.map(({ name, series }) =>
        series.length > 0 ? (
          <Plot
            key={name}
            title={name}
            steps={report.json.traces.steps}
            series={series}
            height={104}
            link={`pair-${row}`}
          />
        ) : (
          <div key={name} class="plot-placeholder" />
        )
      )}
    </div>
  )
}

function Pair({ row }: { row: number }) {
  const report = useReport()
  const baseline = baselineOf(report, row)
  return (
    <ZoomGroup>
      <div class="pair">
        <figure>
          {baseline >= 0 ? <Picture row={baseline} /> : <NoPicture why="no baseline" />}
          <figcaption>{weightName(report, 0)}</figcaption>
        </figure>
        <figure>
          <Picture row={row} />
          <figcaption>
            {weightName(report, weightOf(report, row))} <ZoomReset />
          </figcaption>
        </figure>
      </div>
    </ZoomGroup>
  )
}

function Headline({ verdict, rows }: { verdict: Verdict; rows: number[] }) {
  const store = useStore()
  const { report } = store
  const [chosen, choose] = useState(0)
  const section = useRef<HTMLElement>(null)
  const seen = useSeen(section)
  const row = at(rows, Math.min(chosen, rows.length - 1))
  const others = rows.length > 1
  return (
    <section class="headline" ref={section} data-row={row} aria-label={`Headline: ${verdict.name}`}>
      <header>
        <h2>
          <VerdictMark name={verdict.name} /> {verdict.name}
        </h2>
        <a class="count" href={store.href({ view: 'table', verdicts: [verdict.name], where: '' })}>
          {formatCount(verdict.count)} {verdict.count === 1 ? 'run' : 'runs'}
        </a>
        <p class="meaning" title={verdict.rule}>
          {verdict.meaning}
        </p>
      </header>
      <div class="headline-body">
        {seen ? <Pair key={row} row={row} /> : <div class="pair-placeholder" />}
        <PairCurves key={`curves-${row}`} row={row} seen={seen} />
      </div>
      <div class="headline-foot">
        <div>
          <h3>
            <RunLink row={row}>{caseName(report, row)}</RunLink>
          </h3>
          <p class="reason">{reasonOf(report, row)}</p>
        </div>
        <div class="actions">
          {others &&
            rows.map((other, i) => (
              <button
                type="button"
                class="pick"
                key={other}
                aria-pressed={i === chosen}
                aria-label={`Show ${runName(report, other)}`}
                onClick={() => choose(i)}
              >
                <Thumbnail row={other} size={36} />
              </button>
            ))}
          <StarButton row={row} />
          <TrayButton row={row} />
        </div>
      </div>
    </section>
  )
}

// Where nothing is compared, as in a sweep of lambda 0 alone, there are no cases to tell of: the channels are what is
// to be seen.
function Channels({ title, meaning, rows }: { title: string; meaning: string; rows: number[] }) {
  const report = useReport()
  if (rows.length === 0) return null
  return (
    <section class="headline channels" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <p class="meaning">{meaning}</p>
      </header>
      <ul>
        {rows.map((row) => (
          <li key={row} data-row={row}>
            <RunLink row={row}>
              <Thumbnail row={row} size={176} />
              <span>{caseName(report, row)}</span>
            </RunLink>
            <span class="faint">{zscoreText(figureOf(report, 'zscore', row))}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function zscoreText(zscore: number): string {
  return Number.isNaN(zscore) ? '' : `z-score ${formatNumber(Number(zscore.toPrecision(3)))}`
}

function Headlines() {
  const report = useReport()
  const { headlines, verdicts, channels } = report.json
  const order = [...new Set(headlines.map((h) => h.verdict))]
  if (order.length === 0 && channels.excited.length === 0)
    return <p class="empty">No run has a verdict yet.</p>
  return (
    <>
      <Channels
        title="Most excited channels"
        meaning="by z-score: excitation above blank paper and random pictures, in their standard deviations"
        rows={channels.excited}
      />
      <Channels
        title="Most different channels"
        meaning="each the farthest from all before it, by the Gram matrices of their pictures"
        rows={channels.different}
      />
      {order.map((v) => (
        <Headline
          key={v}
          verdict={at(verdicts, v)}
          rows={headlines.filter((h) => h.verdict === v).map((h) => h.row)}
        />
      ))}
    </>
  )
}

function About() {
  const report = useReport()
  const { json } = report
  return (
    <section class="card about">
      <h2>About</h2>
      <dl>
        <dt>Layers</dt>
        <dd>{report.layers.join(', ')}</dd>
        <dt>Weights</dt>
        <dd>
          {json.weights.name ?? 'a file of one’s own'} <code>{json.weights.sha256.slice(0, 12)}</code>,
          pictures prepared as {json.weights.family} does
        </dd>
        <dt>Program</dt>
        <dd>
          vggsweep {json.program.version} <code>{json.program.commit}</code>
        </dd>
        <dt>Begun</dt>
        <dd>{formatTime(json.created)}</dd>
        <dt>Report</dt>
        <dd>{formatTime(json.generated)}</dd>
      </dl>
      <details>
        <summary>The sweep file</summary>
        <pre tabIndex={0}>{json.sweep}</pre>
      </details>
    </section>
  )
}

export function Overview() {
  return (
    <div class="overview">
      <h1 class="unseen">Overview</h1>
      <Counts />
      <div class="overview-columns">
        <div class="overview-main">
          <Headlines />
        </div>
        <aside class="overview-side" aria-label="Summary">
          <Shares />
          <CollapseTable />
          <About />
        </aside>
      </div>
    </div>
  )
}
