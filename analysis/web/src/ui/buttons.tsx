// What can be done with a run wherever it is shown.
import type { ComponentChildren } from 'preact'

import { shortId } from '../data/report'
import { useStore } from '../state/store'
import { announce } from './announce'

export function RunLink({
  row,
  children,
  class: name
}: {
  row: number
  children: ComponentChildren
  class?: string
}) {
  const store = useStore()
  return (
    <a class={name} href={store.href({ view: 'run', run: shortId(store.report, row) })} data-row={row}>
      {children}
    </a>
  )
}

export function TrayButton({ row }: { row: number }) {
  const store = useStore()
  const isIn = store.inTray(row)
  return (
    <button type="button" aria-pressed={isIn} onClick={() => announce(store.toggleTray(row))} data-row={row}>
      {isIn ? '✓ in the tray' : 'Compare'}
    </button>
  )
}

export function StarButton({ row }: { row: number }) {
  const store = useStore()
  const isStarred = store.isStarred(row)
  return (
    <button
      type="button"
      class="star"
      aria-pressed={isStarred}
      aria-label="Star"
      title="Star (s)"
      onClick={() => store.toggleStar(row)}
    >
      {isStarred ? '★' : '☆'}
    </button>
  )
}

async function copy(text: string) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Pages from file:// may not have the clipboard: the older way.
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
  announce('copied')
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  return (
    <button type="button" aria-label={label} onClick={() => void copy(text)}>
      Copy
    </button>
  )
}
