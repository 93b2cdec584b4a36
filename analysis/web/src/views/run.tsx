// One run: its picture and how it came about, all traces, all figures, its group, its spec, and the
// command that computes it again.
import { useMemo, useState } from 'preact/hooks'

import { closeUrl, hasPicture, plottedUrl, snapshotsOf, type Snapshots } from '../data/pictures'
import { at as elementAt } from '../data/at'
import {
  baselineOf,
  figureOf,
  findRun,
  groupOf,
  idOf,
  reasonOf,
  verdictOf,
  weightOf,
  type Column
} from '../data/report'
import { selectionOf, useReport, useStore } from '../state/store'
import { CopyButton, RunLink, StarButton, TrayButton } from '../ui/buttons'
import { CurveControls, CurveGrid, pairCurves } from '../ui/curves'
import { useDetails } from '../ui/details'
import { caseName, formatNumber, formatPercent, formatValue, runAlt, weightName } from '../ui/format'
import { Head } from '../ui/head'
import { CloseImage, NoPicture, Thumbnail } from '../ui/picture'
import { Legend } from '../ui/plot'
import { VerdictLabel, VerdictMark, verdictName } from '../ui/verdict'
import { ZoomFrame, ZoomGroup, ZoomReset } from '../ui/zoom'
import { DrawingFacts, isDrawing } from './drawing'

function SnapshotSlider({
  snapshots,
  at,
  onMove
}: {
  snapshots: Snapshots
  at: number
  onMove: (at: number) => void
}) {
  const count = snapshots.steps.length
  const name = at < count ? `step ${snapshots.steps[at]}` : 'final picture'
  return (
    <label class="slider wide">
      <span class="snapshot-name">{name}</span>
      <input
        type="range"
        min={0}
        max={count}
        step={1}
        value={at}
        aria-label="Snapshot"
        aria-valuetext={name}
        onInput={(e) => onMove(Number(e.currentTarget.value))}
      />
    </label>
  )
}

function LargePicture({ row }: { row: number }) {
  const report = useReport()
  const snapshots = snapshotsOf(report, row)
  const last = snapshots?.steps.length ?? 0
  const [at, setAt] = useState(last)
  const [onPaper, setOnPaper] = useState(false)
  if (!hasPicture(report, row)) return <NoPicture why={`${verdictName(report, row)}: no picture`} />
  const isFinal = !snapshots || at >= last
  const plotted = plottedUrl(report, row)
  const how = !isFinal ? `, at step ${snapshots.steps[at]}` : plotted && onPaper ? ', as plotted' : ''
  const alt = runAlt(report, row) + how
  return (
    <>
      <ZoomFrame label={alt}>
        {(style) =>
          isFinal ? (
            <CloseImage url={(onPaper && plotted) || closeUrl(report, row)} alt={alt} style={style} />
          ) : (
            <div class="strip" style={style}>
              <img
                src={snapshots.url}
                alt={alt}
                draggable={false}
                style={{ width: `${100 * last}%`, left: `${-100 * at}%` }}
              />
            </div>
          )
        }
      </ZoomFrame>
      <div class="picture-tools">
        {snapshots && <SnapshotSlider snapshots={snapshots} at={Math.min(at, last)} onMove={setAt} />}
        {plotted && (
          <label class="check" title="in the colours and widths of its pens, on the sheet of plot.page">
            <input
              type="checkbox"
              checked={onPaper}
              disabled={!isFinal}
              onChange={(e) => setOnPaper(e.currentTarget.checked)}
            />{' '}
            as plotted
          </label>
        )}
        <ZoomReset />
      </div>
    </>
  )
}

// Same channel, other lambdas.
function GroupStrip({ row }: { row: number }) {
  const report = useReport()
  const rows = groupOf(report, row)
  const gainOf = (other: number) => {
    const gain = figureOf(report, 'exc_gain', other)
    return Number.isNaN(gain) ? '\u00a0' : formatPercent(gain, true)
  }
  return (
    <nav class="group-strip" aria-label={`Same channel, other ${report.json.weight}s`}>
      {rows.map((other) => (
        <RunLink key={other} row={other} class={other === row ? 'here' : ''}>
          <Thumbnail row={other} size={72} />
          <span class="strip-label">
            <VerdictMark name={verdictName(report, other)} /> {formatNumber(weightOf(report, other))}
            <span class="unseen"> {verdictName(report, other)}</span>
          </span>
          <span class="figure faint">{gainOf(other)}</span>
        </RunLink>
      ))}
    </nav>
  )
}

const ARROWS = { higher: '↑ higher is better', lower: '↓ lower is better', none: '' }

function Figures({ row, columns, title }: { row: number; columns: Column[]; title: string }) {
  const report = useReport()
  const baseline = baselineOf(report, row)
  const beside = baseline >= 0
  return (
    <table class="plain figures">
      <caption>{title}</caption>
      <thead>
        <tr>
          <Head>figure</Head>
          <Head figures>this run</Head>
          {beside && <Head figures>{weightName(report, 0)}</Head>}
          <Head>unit</Head>
        </tr>
      </thead>
      <tbody>
        {columns.map((c) => (
          <tr key={c.name} title={[c.formula, ARROWS[c.direction]].filter(Boolean).join('. ')}>
            <th scope="row">
              {c.name}{' '}
              {c.direction !== 'none' && (
                <span class="faint" aria-hidden="true">
                  {ARROWS[c.direction].charAt(0)}
                </span>
              )}
            </th>
            <td class="number">{formatValue(c, row)}</td>
            {beside && <td class="number faint">{formatValue(c, baseline)}</td>}
            <td class="faint">{c.unit}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Formulas({ columns }: { columns: Column[] }) {
  return (
    <details>
      <summary>Formulas</summary>
      <dl class="formulas">
        {columns
          .filter((c) => c.formula !== '')
          .map((c) => (
            <div key={c.name}>
              <dt>{c.name}</dt>
              <dd>{c.formula}</dd>
            </div>
          ))}
      </dl>
    </details>
  )
}

// Seeds of the same case agree or not.
function CaseNote({ row }: { row: number }) {
  const { json } = useReport()
  const number = elementAt(json.case, row)
  const [seeds, agreeing, verdict, mean, low, high] = (
    ['seeds', 'agreeing', 'verdict', 'gain_mean', 'gain_low', 'gain_high'] as const
  ).map((name) => json.cases[name][number] ?? NaN) as [number, number, number, number, number, number]
  if (!(seeds > 1)) return null
  return (
    <p class="faint">
      {agreeing} of {seeds} seeds agree on {json.verdicts[verdict]?.name}
      {!Number.isNaN(mean) && `; exc_gain ${formatPercent(mean, true)}`}
      {!Number.isNaN(low) && ` (${formatPercent(low, true)} to ${formatPercent(high, true)})`}
    </p>
  )
}

function Note({ row }: { row: number }) {
  const store = useStore()
  return (
    <label class="note">
      Note
      <textarea
        rows={2}
        maxLength={400}
        placeholder="kept in the page's address"
        value={store.noteOf(row)}
        onInput={(e) => store.setNote(row, e.currentTarget.value)}
      />
    </label>
  )
}

function prettySpec(spec: string): string {
  try {
    return JSON.stringify(JSON.parse(spec), null, 2)
  } catch {
    return spec
  }
}

// The neighbours in the table's order.
export function neighbours(rows: Uint32Array, row: number): [previous: number, next: number] {
  const at = rows.indexOf(row)
  return at < 0 ? [-1, -1] : [rows[at - 1] ?? -1, rows[at + 1] ?? -1]
}

function Neighbours({ row }: { row: number }) {
  const store = useStore()
  const { rows } = selectionOf(store.report, store.address)
  const [previous, next] = neighbours(rows, row)
  return (
    <span class="neighbours">
      {previous >= 0 ? <RunLink row={previous}>← previous</RunLink> : <span class="faint">← previous</span>}
      {next >= 0 ? <RunLink row={next}>next →</RunLink> : <span class="faint">next →</span>}
    </span>
  )
}

function RunPage({ row }: { row: number }) {
  const store = useStore()
  const { report } = store
  const baseline = baselineOf(report, row)
  const beside = baseline >= 0
  const curves = useMemo(() => pairCurves(report, row), [report, row])
  const rows = useMemo(() => curves.map((curve) => curve.row), [curves])
  const { details, error } = useDetails(rows)
  const own = details.get(row)
  const inGroup = (group: Column['group']) => report.columns.filter((c) => c.group === group)
  const name = verdictName(report, row)
  const { rule } = verdictOf(report, row)
  return (
    <article class="run" data-row={row}>
      <header class="run-head">
        <div>
          <h1>
            {caseName(report, row)}, {weightName(report, weightOf(report, row))}
          </h1>
          <p>
            <VerdictLabel name={name} /> <code>{idOf(report, row)}</code>
          </p>
        </div>
        <div class="actions">
          <Neighbours row={row} />
          <StarButton row={row} />
          <TrayButton row={row} />
        </div>
      </header>
      <div class="run-columns">
        <div class="run-picture">
          <ZoomGroup>
            <LargePicture row={row} />
          </ZoomGroup>
          <p class="reason" title={rule}>
            {reasonOf(report, row)}
          </p>
          <CaseNote row={row} />
          <GroupStrip row={row} />
          <Note row={row} />
        </div>
        <div class="run-curves">
          <div class="section-head">
            <h2>Traces</h2>
            <Legend series={curves} />
            <CurveControls />
          </div>
          {error ? (
            <p class="problem">{error}</p>
          ) : (
            <CurveGrid
              curves={curves}
              details={details}
              names={report.json.traces.names}
              link={`run-${row}`}
            />
          )}
        </div>
      </div>
      {isDrawing(report, row) && (
        <DrawingFacts
          row={row}
          own={own?.drawing}
          baseline={beside ? details.get(baseline)?.drawing : null}
        />
      )}
      <div class="run-figures">
        <Figures row={row} columns={inGroup('metric')} title="Metrics" />
        <Figures row={row} columns={inGroup('figure').filter((c) => c.name !== 'group')} title="Figures" />
        <div>
          <h2>Again</h2>
          {own?.command && (
            <div class="command">
              <pre tabIndex={0}>{own.command}</pre>
              <CopyButton text={own.command} label="Copy the command" />
            </div>
          )}
          <details>
            <summary>Spec: what decides the numbers</summary>
            <pre class="spec" tabIndex={0}>
              {own ? prettySpec(own.spec) : ''}
            </pre>
          </details>
          <Formulas columns={report.columns} />
        </div>
      </div>
    </article>
  )
}

export function Run() {
  const store = useStore()
  const row = findRun(store.report, store.address.run)
  if (row < 0) {
    return (
      <div class="empty">
        <h1>No such run</h1>
        <p>
          No stored run has an id that begins with “{store.address.run}”.{' '}
          <a href={store.href({ view: 'table' })}>All runs</a>
        </p>
      </div>
    )
  }
  return <RunPage key={row} row={row} />
}
