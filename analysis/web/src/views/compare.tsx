// The runs of the tray beside each other: pictures under one zoom, traces over each other, and what
// their specs differ in.
import { useMemo } from 'preact/hooks'

import { differences } from '../query/difference'
import { weightOf } from '../data/report'
import { useStore } from '../state/store'
import { RunLink, StarButton } from '../ui/buttons'
import { CurveControls, CurveGrid, curveStyle, type Curve } from '../ui/curves'
import { useDetails } from '../ui/details'
import { caseName, formatValue, runName, weightName } from '../ui/format'
import { Head } from '../ui/head'
import { Picture } from '../ui/picture'
import { Legend } from '../ui/plot'
import { VerdictLabel, verdictName } from '../ui/verdict'
import { ZoomGroup, ZoomReset } from '../ui/zoom'

const letter = (i: number) => String.fromCharCode('A'.charCodeAt(0) + i)

function Pictures({ rows }: { rows: number[] }) {
  const store = useStore()
  const { report } = store
  return (
    <ZoomGroup>
      <div class="section-head">
        <h2>Pictures</h2>
        <ZoomReset />
      </div>
      <div class="compare-pictures" style={{ '--many': rows.length }}>
        {rows.map((row, i) => (
          <figure key={row} data-row={row}>
            <Picture row={row} />
            <figcaption>
              <span>
                <b>{letter(i)}</b> <RunLink row={row}>{caseName(report, row)}</RunLink>
              </span>
              <span>
                {weightName(report, weightOf(report, row))} <VerdictLabel name={verdictName(report, row)} />
              </span>
              {store.noteOf(row) && <span class="faint">{store.noteOf(row)}</span>}
              <span class="actions">
                <StarButton row={row} />
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Remove ${letter(i)} from the tray`}
                  onClick={() => store.toggleTray(row)}
                >
                  remove
                </button>
              </span>
            </figcaption>
          </figure>
        ))}
      </div>
    </ZoomGroup>
  )
}

function Heads({ rows }: { rows: number[] }) {
  const { report } = useStore()
  return (
    <>
      {rows.map((row, i) => (
        <Head figures key={row} title={runName(report, row)}>
          {letter(i)}
        </Head>
      ))}
    </>
  )
}

function SpecDifferences({ rows, specs }: { rows: number[]; specs: string[] }) {
  const found = useMemo(() => differences(specs), [specs])
  return (
    <section>
      <h2>What differs in the specs</h2>
      {found.length === 0 ? (
        <p class="faint">Nothing: the specs are equal.</p>
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <Head>key</Head>
              <Heads rows={rows} />
            </tr>
          </thead>
          <tbody>
            {found.map(({ key, values }) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                {values.map((value, i) => (
                  <td key={i} class="number">
                    {value === '' ? '–' : value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function FigureTable({ rows }: { rows: number[] }) {
  const { report } = useStore()
  const columns = report.columns.filter(
    (c) => c.group === 'metric' || ['exc_eval', 'style_eval', 'seconds'].includes(c.name)
  )
  return (
    <section>
      <h2>Figures</h2>
      <table class="plain">
        <thead>
          <tr>
            <Head>figure</Head>
            <Heads rows={rows} />
          </tr>
        </thead>
        <tbody>
          {columns.map((c) => (
            <tr key={c.name} title={c.formula}>
              <th scope="row">{c.name}</th>
              {rows.map((row) => (
                <td key={row} class="number">
                  {formatValue(c, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Compare() {
  const store = useStore()
  const { report, address } = store
  const { tray } = address
  const rows = useMemo(() => store.rowsOf(tray), [store, tray])
  const { details, error } = useDetails(rows)
  const curves = useMemo(
    () => rows.map((row, i): Curve => ({ row, label: letter(i), ...curveStyle(i) })),
    [rows]
  )
  const specs = useMemo(() => rows.map((row) => details.get(row)?.spec ?? ''), [rows, details])
  if (rows.length === 0) {
    return (
      <div class="empty">
        <h1>Nothing to compare yet</h1>
        <p>
          Put two to six runs into the tray: <kbd>c</kbd> on a picture of the atlas or a row of the table, or
          the button “Compare” of a run.
        </p>
        <p>
          <a href={store.href({ view: 'atlas' })}>To the atlas</a>
        </p>
      </div>
    )
  }
  return (
    <div class="compare">
      <h1 class="unseen">Compare</h1>
      <Pictures rows={rows} />
      <div class="section-head">
        <h2>Traces</h2>
        <Legend series={curves} />
        <CurveControls />
      </div>
      {error ? (
        <p class="problem">{error}</p>
      ) : (
        <CurveGrid curves={curves} details={details} names={report.json.traces.names} link="compare" />
      )}
      <div class="compare-tables">
        {details.size === rows.length && <SpecDifferences rows={rows} specs={specs} />}
        <FigureTable rows={rows} />
      </div>
    </div>
  )
}
