// All pictures of a layer: channels by lambdas, or one lambda at a time with a slider that flips them
// in place. Only what is on the screen is in the page.
import { useEffect, useMemo, useRef } from 'preact/hooks'

import { groupsOfLayer, type Group } from '../data/groups'
import { at as elementAt } from '../data/at'
import { figureOf, reasonOf, type Report } from '../data/report'
import type { Selection } from '../query/select'
import { useReport, useSelection, useStore } from '../state/store'
import {
  axisLabel,
  formatCount,
  formatNumber,
  formatPercent,
  formatValue,
  runAlt,
  weightName
} from '../ui/format'
import { useViewport, visibleRange } from '../ui/measure'
import { useOnce } from '../ui/once'
import { Thumbnail } from '../ui/picture'
import { useRoving } from '../ui/roving'
import { VerdictMark, verdictClass, verdictName } from '../ui/verdict'
import { FilterBar } from './filter'

const GAP = 4 // between the pictures of a group
const GROUP_GAP = 16
const LABEL = 22 // height of a group's label
const PAD = 8 // above the first line
const MARGIN = 24 // at either side, px
const LEAST = 24 // px of a picture

// A group is shown if one of its runs passes, or, without a filter, in any case.
function shownGroups(groups: Group[], { passes, rows }: Selection, count: number): Group[] {
  if (rows.length === count) return groups
  return groups.filter((group) => group.rows.some((row) => row >= 0 && passes[row]))
}

interface Layout {
  size: number // px; smaller than asked for where a group would not fit
  columns: number[] // places in report.weights that are shown
  perLine: number // groups on a line
  lineHeight: number
  groupWidth: number
}

function layOut(report: Report, width: number, wanted: number, flip: number): Layout {
  const at = report.weights.indexOf(flip)
  const columns = at >= 0 ? [at] : report.weights.map((_, i) => i)
  const size = Math.max(
    LEAST,
    Math.min(wanted, Math.floor((width - 2 * MARGIN + GAP) / columns.length) - GAP)
  )
  const groupWidth = columns.length * (size + GAP) - GAP
  const perLine = Math.max(1, Math.floor((width - 2 * MARGIN + GROUP_GAP) / (groupWidth + GROUP_GAP)))
  return { size, columns, perLine, groupWidth, lineHeight: size + LABEL + GROUP_GAP }
}

function sheetsOf(report: Report, groups: Group[]): number[] {
  const { sheet } = report.json.thumbnail
  const found = groups.flatMap((group) =>
    group.rows.filter((row) => row >= 0).map((row) => elementAt(sheet, row))
  )
  return [...new Set(found)].filter((n) => n >= 0)
}

function groupLabel(report: Report, group: Group): string {
  if (group.anchor < 0) return `${group.channel} · seed ${group.seed}`
  const extra = report.axes.map((axis) => `${axisLabel(axis.name)} ${formatValue(axis, group.anchor)}`)
  return [String(group.channel), ...extra].join(' · ')
}

interface CellProps {
  row: number
  weight: number
  size: number
  passes: boolean
  place: number // among all cells; arrows move by it
  isCurrent: boolean
  onFocus: (place: number) => void
}

function Cell({ row, weight, size, passes, place, isCurrent, onFocus }: CellProps) {
  const store = useStore()
  const { report } = store
  const common = {
    'data-place': place,
    tabIndex: isCurrent ? 0 : -1,
    onFocus: () => onFocus(place),
    role: 'gridcell'
  } as const
  if (row < 0) {
    return (
      <div
        {...common}
        class="cell missing"
        aria-label={`${weightName(report, weight)}: missing`}
        style={{ width: `${size}px`, height: `${size}px` }}
      >
        <VerdictMark name="missing" />
      </div>
    )
  }
  const name = verdictName(report, row)
  const inTray = store.inTray(row)
  return (
    <div
      {...common}
      class={`cell ${verdictClass(name)} ${passes ? '' : 'out'} ${inTray ? 'in-tray' : ''}`}
      data-row={row}
      aria-label={runAlt(report, row) + (passes ? '' : ', filtered out') + (inTray ? ', in the tray' : '')}
      title={reasonOf(report, row)}
      onClick={() => store.openRun(row)}
    >
      <Thumbnail row={row} size={size} fromSheet />
      <VerdictMark name={name} />
      {store.isStarred(row) && (
        <span class="cell-star" aria-hidden="true">
          ★
        </span>
      )}
    </div>
  )
}

function Controls({ shown, total }: { shown: number; total: number }) {
  const store = useStore()
  const { report, address } = store
  const at = report.weights.indexOf(address.flip)
  const flipTo = (place: number) => store.adjust({ flip: place < 0 ? NaN : report.weights[place] })
  return (
    <div class="atlas-controls">
      <p class="faint">
        {formatCount(shown)}
        {shown < total && ` of ${formatCount(total)}`} {total === 1 ? 'case' : 'cases'}; {report.json.weight}{' '}
        {(at < 0 ? report.weights : [address.flip]).map(formatNumber).join(', ')}
        {at < 0 && report.weights.length > 1 && ' from left to right'}
      </p>
      <label class="slider">
        size
        <input
          type="range"
          min={32}
          max={224}
          step={8}
          value={address.size}
          onInput={(e) => store.adjust({ size: Number(e.currentTarget.value) })}
        />
      </label>
      <div class="flip" role="group" aria-label={`${report.json.weight} shown`}>
        <button type="button" aria-pressed={at < 0} onClick={() => flipTo(at < 0 ? 0 : -1)}>
          all side by side
        </button>
        <label class="slider">
          {report.json.weight}
          <input
            type="range"
            min={0}
            max={Math.max(1, report.weights.length - 1)}
            step={1}
            value={Math.max(0, at)}
            aria-valuetext={at < 0 ? 'all' : formatNumber(address.flip)}
            onInput={(e) => flipTo(Number(e.currentTarget.value))}
          />
          <output class="figure">{at < 0 ? 'all' : formatNumber(address.flip)}</output>
        </label>
      </div>
    </div>
  )
}

function Tabs({ layer }: { layer: string }) {
  const store = useStore()
  const { layers } = store.report
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = layers[(layers.indexOf(layer) + step + layers.length) % layers.length]
    store.go({ layer: next })
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label="Layers" onKeyDown={move}>
      {layers.map((name) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={`tab-${name}`}
          aria-selected={name === layer}
          aria-controls="atlas-grid"
          tabIndex={name === layer ? 0 : -1}
          onClick={() => store.go({ layer: name })}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

// Where an arrow leads from a cell; lines are `perLine` groups of `wide` cells.
function moved(place: number, key: string, wide: number, perLine: number, cells: number): number {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -wide * perLine,
    ArrowDown: wide * perLine,
    PageUp: -4 * wide * perLine,
    PageDown: 4 * wide * perLine
  }
  if (key === 'Home') return 0
  if (key === 'End') return cells - 1
  const step = steps[key]
  if (step === undefined) return -1
  const next = place + step
  return next < 0 || next >= cells ? place : next
}

export function Atlas() {
  const store = useStore()
  const { address } = store
  const report = useReport()
  const selection = useSelection()
  const layer = report.layers.includes(address.layer) ? address.layer : (report.layers[0] ?? '')
  const all = useMemo(() => groupsOfLayer(report, layer), [report, layer])
  const groups = useMemo(() => shownGroups(all, selection, report.count), [all, selection, report])

  const scroller = useRef<HTMLDivElement>(null)
  const viewport = useViewport(scroller)
  const layout = layOut(report, viewport.width || 800, address.size, address.flip)
  const { size, columns, perLine, lineHeight, groupWidth } = layout
  const wide = columns.length
  const lines = Math.ceil(groups.length / perLine)
  const [first, end] = visibleRange(viewport, lineHeight, lines, 2)
  const { here, at, arrive, move } = useRoving(scroller, groups.length * wide)
  useOnce(viewport.width > 0, () => {
    if (store.leftRun < 0) return
    const index = groups.findIndex((g) => g.rows.includes(store.leftRun))
    const group = groups[index]
    if (!group) return
    const column = Math.max(0, columns.indexOf(group.rows.indexOf(store.leftRun)))
    move(index * wide + column, Math.floor(index / perLine) * lineHeight, lineHeight)
  })
  const key = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (target.dataset.place === undefined) return
    if (event.key === 'Enter' && target.dataset.row !== undefined)
      return store.openRun(Number(target.dataset.row))
    const next = moved(at(), event.key, wide, perLine, groups.length * wide)
    if (next < 0) return
    event.preventDefault()
    move(next, Math.floor(next / wide / perLine) * lineHeight, lineHeight)
  }

  // The sheets that the lambda slider will want, so that it flips without a flash.
  const sheets = sheetsOf(report, groups.slice(first * perLine, end * perLine)).join()
  useEffect(() => {
    for (const sheet of sheets.split(',').filter(Boolean)) new Image().src = `sheets/${sheet}.jpg`
  }, [sheets])

  // Of the one weight that is shown.
  const caption = (group: Group): string => {
    const [column] = columns
    const gain = column === undefined ? NaN : figureOf(report, 'exc_gain', elementAt(group.rows, column))
    return wide === 1 && !Number.isNaN(gain) ? formatPercent(gain, true) : ''
  }
  return (
    <div class="atlas">
      <h1 class="unseen">Atlas</h1>
      <FilterBar />
      <Tabs layer={layer} />
      <Controls shown={groups.length} total={all.length} />
      <div
        id="atlas-grid"
        class="atlas-scroll"
        ref={scroller}
        onKeyDown={key}
        role="tabpanel"
        aria-labelledby={`tab-${layer}`}
      >
        {groups.length === 0 ? (
          <p class="empty">Nothing in {layer} passes the filter.</p>
        ) : (
          <div
            role="grid"
            aria-label={`Pictures of ${layer}`}
            aria-rowcount={groups.length}
            aria-colcount={wide + 1}
            style={{ height: `${lines * lineHeight + PAD}px` }}
            class="atlas-grid"
          >
            {Array.from({ length: end - first }, (_, i) => first + i).map((line) => (
              <div
                role="presentation"
                class="atlas-line"
                key={line}
                style={{ top: `${line * lineHeight + PAD}px`, gap: `${GROUP_GAP}px` }}
              >
                {groups.slice(line * perLine, (line + 1) * perLine).map((group, i) => (
                  <div
                    role="row"
                    class="group"
                    key={group.key}
                    aria-rowindex={line * perLine + i + 1}
                    style={{ width: `${groupWidth}px` }}
                  >
                    <div role="rowheader" class="group-label" title={groupLabel(report, group)}>
                      <span>{groupLabel(report, group)}</span>{' '}
                      <span class="figure faint">{caption(group)}</span>
                    </div>
                    <div role="presentation" class="group-cells" style={{ gap: `${GAP}px` }}>
                      {columns.map((w, k) => {
                        const row = elementAt(group.rows, w)
                        const place = (line * perLine + i) * wide + k
                        return (
                          <Cell
                            key={w}
                            row={row}
                            weight={elementAt(report.weights, w)}
                            size={size}
                            passes={selection.passes[row] === 1}
                            place={place}
                            isCurrent={place === here}
                            onFocus={arrive}
                          />
                        )
                      })}
                    </div>
                  </div>
                ))}
              </div>
            ))}
          </div>
        )}
      </div>
    </div>
  )
}
