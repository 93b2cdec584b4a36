// All runs as a table: sorted by several columns, filtered, linked to the parallel coordinates. It has
// as many rows as there are runs, but only those on the screen are in the page.
import { useEffect, useRef, useState } from 'preact/hooks'
import { flushSync } from 'preact/compat'

import { shortId, type Column } from '../data/report'
import { download, fileName, toCsv, toJson } from '../query/export'
import type { SortKey } from '../query/order'
import { useSelection, useStore } from '../state/store'
import { axisLabel, formatCount, formatNumber, formatValue, runAlt } from '../ui/format'
import { Head } from '../ui/head'
import { useViewport, visibleRange } from '../ui/measure'
import { useOnce } from '../ui/once'
import { Thumbnail } from '../ui/picture'
import { useRoving } from '../ui/roving'
import { VerdictLabel, VerdictMark } from '../ui/verdict'
import { columnsForAddress, columnWidth, shownColumns } from './columns'
import { FilterBar } from './filter'
import { Parallel, RangeFields } from './parallel'

const ROW = 34 // px
const HEAD = 32
const PICTURE = 96 // width of the first column
const PRINTED = 400 // rows

// A click sorts by the column alone, then the other way, then not at all; with shift it is added to the others.
function nextSort(sort: readonly SortKey[], column: Column, isAdded: boolean): SortKey[] {
  const bestFirst = column.direction === 'higher'
  const now = sort.find((key) => key.column === column.name)
  const others = isAdded ? sort.filter((key) => key.column !== column.name) : []
  if (!now) return [...others, { column: column.name, descending: bestFirst }]
  if (now.descending === bestFirst)
    return isAdded
      ? sort.map((k) => (k === now ? { ...k, descending: !k.descending } : k))
      : [{ ...now, descending: !bestFirst }]
  return others
}

function HeadCell({ column, index }: { column: Column; index: number }) {
  const store = useStore()
  const { sort } = store.address
  const place = sort.findIndex((key) => key.column === column.name)
  const key = sort[place]
  const hint = [column.name, column.unit && `(${column.unit})`, column.formula].filter(Boolean).join(' ')
  return (
    <th
      scope="col"
      class={column.kind === 'number' ? 'number' : ''}
      aria-colindex={index}
      aria-sort={!key ? 'none' : key.descending ? 'descending' : 'ascending'}
      title={hint}
    >
      <button
        type="button"
        onClick={(e) => store.go((now) => ({ sort: nextSort(now.sort, column, e.shiftKey) }))}
      >
        {column.group === 'axis' ? axisLabel(column.name) : column.name}
        {key && (
          <span class="arrow" aria-hidden="true">
            {key.descending ? '↓' : '↑'}
            {sort.length > 1 && <sub>{place + 1}</sub>}
          </span>
        )}
      </button>
    </th>
  )
}

function Row({
  row,
  index,
  columns,
  isCurrent,
  onFocus
}: {
  row: number
  index: number
  columns: Column[]
  isCurrent: boolean
  onFocus: () => void
}) {
  const store = useStore()
  const { report } = store
  return (
    <tr
      data-row={row}
      data-place={index}
      aria-rowindex={index + 2}
      aria-selected={store.inTray(row)}
      aria-label={runAlt(report, row)}
      tabIndex={isCurrent ? 0 : -1}
      class={store.inTray(row) ? 'in-tray' : undefined}
      onFocus={onFocus}
      onClick={() => store.openRun(row)}
    >
      <td class="picture" aria-colindex={1}>
        <Thumbnail row={row} size={ROW - 6} />
        <span class="id">{shortId(report, row)}</span>
        {store.isStarred(row) && <span aria-label="starred">★</span>}
      </td>
      {columns.map((column, i) => (
        <td key={column.name} class={column.kind === 'number' ? 'number' : ''} aria-colindex={i + 2}>
          {column.name === 'verdict' ? (
            <VerdictLabel name={formatValue(column, row)} />
          ) : (
            formatValue(column, row)
          )}
        </td>
      ))}
    </tr>
  )
}

function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const before = () => flushSync(() => setPrinting(true))
    const after = () => setPrinting(false)
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [])
  return printing
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return height > 0 ? (
    <tr aria-hidden="true" class="spacer" style={{ height: `${height}px` }}>
      <td colSpan={columns} />
    </tr>
  ) : null
}

function RunsTable({ columns }: { columns: Column[] }) {
  const store = useStore()
  const { rows } = useSelection()
  const scroller = useRef<HTMLDivElement>(null)
  const viewport = useViewport(scroller)
  const printing = usePrinting()
  const { here, at, arrive, move } = useRoving(scroller, rows.length, HEAD)
  useOnce(true, () => {
    const place = store.leftRun < 0 ? -1 : rows.indexOf(store.leftRun)
    if (place >= 0) move(place, place * ROW, ROW)
  })
  const [first, end] = printing
    ? [0, Math.min(rows.length, PRINTED)]
    : visibleRange(viewport, ROW, rows.length)

  const key = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (target.dataset.place === undefined) return
    const focused = rows[at()]
    if (event.key === 'Enter' && focused !== undefined) return store.openRun(focused)
    const page = Math.max(1, Math.floor(viewport.height / ROW) - 2)
    const steps: Record<string, number> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
      Home: -rows.length,
      End: rows.length
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(rows.length - 1, Math.max(0, at() + step))
    move(next, next * ROW, ROW)
  }
  const width = PICTURE + 30 + columns.reduce((sum, c) => sum + columnWidth(c), 0)
  return (
    <div class="table-scroll" ref={scroller} onKeyDown={key}>
      <table
        role="grid"
        class="runs"
        aria-label="Runs"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        style={{ minWidth: `${width}px` }}
      >
        <colgroup>
          <col style={{ width: `${PICTURE + 30}px` }} />
          {columns.map((c) => (
            <col key={c.name} style={{ width: `${columnWidth(c)}px` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" aria-colindex={1}>
              run
            </th>
            {columns.map((column, i) => (
              <HeadCell key={column.name} column={column} index={i + 2} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={printing ? 0 : first * ROW} columns={columns.length + 1} />
          {Array.from(rows.subarray(first, end), (row, i) => (
            <Row
              key={row}
              row={row}
              index={first + i}
              columns={columns}
              isCurrent={first + i === here}
              onFocus={() => arrive(first + i)}
            />
          ))}
          <Spacer height={printing ? 0 : (rows.length - end) * ROW} columns={columns.length + 1} />
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">No run passes the filter.</p>}
    </div>
  )
}

function ColumnChooser({ columns }: { columns: Column[] }) {
  const store = useStore()
  const { report } = store
  const names = columns.map((c) => c.name)
  const toggle = (name: string) =>
    store.adjust((now) => {
      const shown = shownColumns(report, now).map((c) => c.name)
      const next = shown.includes(name) ? shown.filter((n) => n !== name) : [...shown, name]
      return { columns: columnsForAddress(report, next) }
    })
  return (
    <details class="menu">
      <summary>Columns</summary>
      <div class="menu-body">
        {report.columns
          .filter((c) => c.name !== 'id')
          .map((c) => (
            <label key={c.name} title={c.formula}>
              <input type="checkbox" checked={names.includes(c.name)} onChange={() => toggle(c.name)} />{' '}
              {c.name}
            </label>
          ))}
      </div>
    </details>
  )
}

// Planned runs that nothing is stored of.
function MissingRuns() {
  const store = useStore()
  const { missing, counts, weight } = store.report.json
  return (
    <section class="missing-runs" aria-label="Missing runs">
      <h2>
        <VerdictMark name="missing" /> {formatCount(counts.missing)} planned{' '}
        {counts.missing === 1 ? 'run is' : 'runs are'} missing
      </h2>
      <p class="faint">
        Nothing is stored of them: the same <code>vggsweep run</code> command goes on with exactly these.
        {missing.length < counts.missing && ` The first ${formatCount(missing.length)}:`}
      </p>
      <div class="scroll-box" tabIndex={0} role="region" aria-label="List of missing runs">
        <table class="plain">
          <thead>
            <tr>
              <Head>layer</Head>
              <Head figures>channel</Head>
              <Head figures>{weight}</Head>
              <Head figures>seed</Head>
            </tr>
          </thead>
          <tbody>
            {missing.map((m, i) => (
              <tr key={i}>
                <td>{m.layer}</td>
                <td class="number">{m.channel}</td>
                <td class="number">{formatNumber(m.weight)}</td>
                <td class="number">{m.seed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

export function Table() {
  const store = useStore()
  const { report, address } = store
  const { rows } = useSelection()
  const columns = shownColumns(report, address)
  const withId = [report.byName.get('id'), ...columns.filter((c) => c.name !== 'id')].filter(
    (c): c is Column => c !== undefined
  )
  const name = report.json.name
  return (
    <div class="table-view">
      <h1 class="unseen">Table</h1>
      <FilterBar />
      {address.missing && report.json.counts.missing > 0 && <MissingRuns />}
      <Parallel />
      <div class="table-tools">
        <p class="faint">Click a heading to sort, shift-click to sort by several.</p>
        <RangeFields />
        <ColumnChooser columns={columns} />
        <button
          type="button"
          onClick={() => download(fileName(name, 'csv'), 'text/csv', toCsv(report, withId, rows))}
        >
          CSV
        </button>
        <button
          type="button"
          onClick={() => download(fileName(name, 'json'), 'application/json', toJson(report, withId, rows))}
        >
          JSON
        </button>
      </div>
      <RunsTable columns={columns} />
    </div>
  )
}
