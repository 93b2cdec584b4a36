// Keys that work everywhere. Those that move inside a view are the view's own.
import { useEffect } from 'preact/hooks'

import { findRun, shortId } from '../data/report'
import { selectionOf, type Store } from '../state/store'
import { neighbours } from '../views/run'
import { announce } from './announce'

// The run that is meant: under the focus, else under the pointer, else the one shown.
function meantRun(store: Store): number {
  const near =
    document.activeElement?.closest<HTMLElement>('[data-row]') ??
    [...document.querySelectorAll<HTMLElement>('[data-row]:hover')].pop()
  if (near?.dataset.row) return Number(near.dataset.row)
  return store.address.view === 'run' ? findRun(store.report, store.address.run) : -1
}

function focusFilter(store: Store) {
  const field = () => document.getElementById('where')
  const shown = field()
  if (shown) return shown.focus()
  store.go({ view: 'table' })
  setTimeout(() => field()?.focus(), 0) // drawn by then
}

// From one run to the one beside it in the table.
function step(store: Store, key: string): boolean {
  if (store.address.view !== 'run') return false
  const row = findRun(store.report, store.address.run)
  const [previous, next] = neighbours(selectionOf(store.report, store.address).rows, row)
  const to = key === 'ArrowLeft' ? previous : next
  if (to >= 0) store.go({ run: shortId(store.report, to) })
  return to >= 0
}

function leave(store: Store, focused: HTMLElement | null) {
  if (focused?.matches('input, textarea')) return focused.blur()
  if (store.address.view === 'run') store.closeRun()
}

const isTyping = (element: HTMLElement | null) =>
  element?.matches('input:not([type=range]):not([type=checkbox]), textarea, select') ?? false
const VIEW_KEYS = { '1': 'overview', '2': 'atlas', '3': 'table', '4': 'compare' } as const

export function useKeys(store: Store, showHelp: () => void) {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const focused = document.activeElement as HTMLElement | null
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        document.querySelector('dialog[open]')
      )
        return
      if (event.key === 'Escape') return leave(store, focused)
      if (isTyping(focused)) return
      const row = meantRun(store)
      if (event.key === '/') focusFilter(store)
      else if (event.key === '?') showHelp()
      else if (event.key === 'c' && row >= 0) announce(store.toggleTray(row))
      else if (event.key === 's' && row >= 0) store.toggleStar(row)
      else if (Object.hasOwn(VIEW_KEYS, event.key))
        store.go({ view: VIEW_KEYS[event.key as keyof typeof VIEW_KEYS] })
      else if (
        !/^Arrow(Left|Right)$/.test(event.key) ||
        focused?.matches('input, [role=tab]') ||
        !step(store, event.key)
      )
        return
      event.preventDefault()
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [store, showHelp])
}
