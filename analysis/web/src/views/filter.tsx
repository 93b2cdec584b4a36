// What is shown: an expression, verdicts, stars, brushes. The same bar over atlas and table.
import { useEffect, useRef, useState } from 'preact/hooks'

import { useStore, useSelection } from '../state/store'
import { axisLabel, formatCount, formatNumber } from '../ui/format'
import { VerdictMark } from '../ui/verdict'
import { without } from './axes'

const TYPING_MS = 120

// The field keeps what is typed; the address follows when the typing pauses.
function ExpressionField({ error }: { error: string }) {
  const store = useStore()
  const { where } = store.address
  const [typed, setTyped] = useState(where)
  const timer = useRef(0)
  const applied = useRef(where)
  // Set from elsewhere: a link, a button. What the field itself applied may be behind what is typed by now.
  useEffect(() => {
    if (where !== applied.current) setTyped(where)
    applied.current = where
  }, [where])
  const apply = (text: string) => {
    clearTimeout(timer.current)
    applied.current = text
    store.adjust({ where: text })
  }
  const input = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => apply(text), TYPING_MS)
  }
  return (
    <div class="expression">
      <label class="unseen" for="where">
        Filter by an expression
      </label>
      <input
        id="where"
        type="search"
        spellcheck={false}
        autocomplete="off"
        placeholder={'filter: exc_gain > 0.02 && layer == "relu4_3"'}
        value={typed}
        aria-invalid={error !== ''}
        aria-describedby="where-problem"
        onInput={(e) => input(e.currentTarget.value)}
        onKeyDown={(e) => e.key === 'Enter' && apply(e.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
      <p id="where-problem" class="problem" role="status">
        {error}
      </p>
    </div>
  )
}

function VerdictChips() {
  const store = useStore()
  const { verdicts, missing } = store.address
  const { json } = store.report
  const toggle = (name: string) =>
    store.go(({ verdicts: now }) => ({
      verdicts: now.includes(name) ? now.filter((v) => v !== name) : [...now, name]
    }))
  return (
    <div class="chips" role="group" aria-label="Verdicts shown">
      {json.verdicts
        .filter((v) => v.count > 0 || verdicts.includes(v.name))
        .map((v) => (
          <button
            type="button"
            key={v.name}
            class="chip"
            aria-pressed={verdicts.includes(v.name)}
            title={`${v.meaning}: ${v.rule}`}
            onClick={() => toggle(v.name)}
          >
            <VerdictMark name={v.name} /> {v.name} <span class="figure faint">{formatCount(v.count)}</span>
          </button>
        ))}
      {json.counts.missing > 0 && (
        <button
          type="button"
          class="chip"
          aria-pressed={missing}
          title="planned, but not stored"
          onClick={() => store.go((now) => ({ missing: !now.missing, view: 'table' }))}
        >
          <VerdictMark name="missing" /> missing{' '}
          <span class="figure faint">{formatCount(json.counts.missing)}</span>
        </button>
      )}
      <button
        type="button"
        class="chip"
        aria-pressed={store.address.starredOnly}
        onClick={() => store.go((now) => ({ starredOnly: !now.starredOnly }))}
      >
        <span aria-hidden="true">★</span> starred{' '}
        <span class="figure faint">{store.address.stars.length}</span>
      </button>
    </div>
  )
}

function BrushChips() {
  const store = useStore()
  const { brushes, where } = store.address
  const ranges = Object.entries(brushes)
  if (ranges.length === 0) return null
  const asExpression = () => {
    const parts = ranges.map(([name, [low, high]]) => `${name} >= ${low} && ${name} <= ${high}`)
    const before = where.trim() === '' ? [] : [where.includes('||') ? `(${where})` : where]
    store.go({ where: [...before, ...parts].join(' && '), brushes: {} })
  }
  return (
    <div class="chips" role="group" aria-label="Ranges">
      {ranges.map(([name, [low, high]]) => (
        <button
          type="button"
          class="chip"
          key={name}
          aria-label={`Remove the range of ${name}`}
          onClick={() => store.go((now) => ({ brushes: without(now.brushes, name) }))}
        >
          {axisLabel(name)} {formatNumber(low)} to {formatNumber(high)} <span aria-hidden="true">×</span>
        </button>
      ))}
      <button type="button" class="quiet" onClick={asExpression}>
        write into the filter
      </button>
    </div>
  )
}

export function FilterBar() {
  const store = useStore()
  const { report, address } = store
  const { rows, error } = useSelection()
  const isFiltered =
    address.where !== '' ||
    address.verdicts.length > 0 ||
    address.starredOnly ||
    Object.keys(address.brushes).length > 0
  return (
    <div class="filter" role="search">
      <div class="filter-line">
        <ExpressionField error={error?.message ?? ''} />
        <p class="shown" role="status">
          <b>{formatCount(rows.length)}</b> of {formatCount(report.count)}
        </p>
        {isFiltered && (
          <button
            type="button"
            class="quiet"
            onClick={() => store.go({ where: '', verdicts: [], starredOnly: false, brushes: {} })}
          >
            show all
          </button>
        )}
      </div>
      <VerdictChips />
      <BrushChips />
    </div>
  )
}
