// Holds the address, and tells who shows it. A step that one would go back from becomes an entry of the
// browser's history; what moves all the time (sliders, typing) changes the present one.
import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'

import { findRun, idOf, shortId, type Report } from '../data/report'
import { select, type Selection } from '../query/select'
import { readAddress, writeAddress, TRAY_MOST, type Address, type View } from './address'

const SETTLED_MS = 250 // browsers refuse more than some hundred changes of the address in half a minute

// What becomes of the address; a function where that depends on what it is, for two clicks may come before
// the page is drawn once.
export type Change = Partial<Address> | ((now: Address) => Partial<Address>)

export class Store {
  address: Address
  leftRun = -1 // row of the run that was shown last: atlas and table bring it back into sight
  private cameFrom: View = 'table' // the view that a run was opened from
  private listeners = new Set<() => void>()
  private pending = 0

  constructor(readonly report: Report) {
    this.address = readAddress(location.hash)
    addEventListener('popstate', () => this.reread())
    addEventListener('hashchange', () => this.reread())
    addEventListener('pagehide', () => this.settle())
  }

  private reread() {
    if (this.pending) clearTimeout(this.pending)
    this.pending = 0
    if (location.hash === writeAddress(this.address)) return
    this.become(readAddress(location.hash))
  }

  private become(address: Address) {
    const before = this.address
    if (before.view === 'run') this.leftRun = findRun(this.report, before.run)
    else if (address.view === 'run') this.cameFrom = before.view
    this.address = address
    for (const listener of this.listeners) listener()
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private settle = () => {
    if (this.pending === 0) return
    clearTimeout(this.pending)
    this.pending = 0
    history.replaceState(null, '', writeAddress(this.address))
  }

  private changed(change: Change): Address {
    return { ...this.address, ...(typeof change === 'function' ? change(this.address) : change) }
  }

  // A step: back leads to where one was.
  go(change: Change) {
    this.settle()
    const address = this.changed(change)
    const hash = writeAddress(address)
    if (hash !== location.hash) history.pushState(null, '', hash)
    this.become(address)
  }

  // A movement within the present step.
  adjust(change: Change) {
    if (this.pending) clearTimeout(this.pending)
    this.pending = window.setTimeout(this.settle, SETTLED_MS)
    this.become(this.changed(change))
  }

  href(change: Partial<Address>): string {
    return writeAddress({ ...this.address, ...change })
  }

  closeRun() {
    this.go({ view: this.cameFrom })
  }

  openRun(row: number) {
    this.go({ view: 'run', run: shortId(this.report, row) })
  }

  // --- tray and stars, both lists of ids, or of their beginnings

  private isOf(id: string, row: number): boolean {
    return idOf(this.report, row).startsWith(id)
  }

  private has(ids: readonly string[], row: number): boolean {
    return ids.some((id) => this.isOf(id, row))
  }

  inTray(row: number): boolean {
    return this.has(this.address.tray, row)
  }

  isStarred(row: number): boolean {
    return this.has(this.address.stars, row)
  }

  noteOf(row: number): string {
    return Object.entries(this.address.notes).find(([id]) => this.isOf(id, row))?.[1] ?? ''
  }

  // Returns what happened, in words for a screen reader.
  toggleTray(row: number): string {
    const id = shortId(this.report, row)
    const { tray } = this.address
    if (this.inTray(row)) {
      this.adjust({ tray: tray.filter((other) => !this.isOf(other, row)) })
      return `${id} removed from the tray`
    }
    if (tray.length >= TRAY_MOST) return `the tray is full: ${TRAY_MOST} runs`
    this.adjust({ tray: [...tray, id] })
    return `${id} added to the tray`
  }

  toggleStar(row: number) {
    const { stars } = this.address
    const others = stars.filter((id) => !this.isOf(id, row))
    this.adjust({
      stars: others.length < stars.length ? others : [...stars, shortId(this.report, row)]
    })
  }

  setNote(row: number, note: string) {
    const notes = Object.fromEntries(Object.entries(this.address.notes).filter(([id]) => !this.isOf(id, row)))
    if (note !== '') notes[shortId(this.report, row)] = note
    this.adjust({ notes })
  }

  rowsOf(ids: readonly string[]): number[] {
    return ids.map((id) => findRun(this.report, id)).filter((row) => row >= 0)
  }
}

export const StoreContext = createContext<Store | null>(null)

function useWholeStore(): Store {
  const store = useContext(StoreContext)
  if (!store) throw new Error('no store around this part of the page')
  return store
}

// The store, followed: whoever calls this is drawn again when the address changes.
export function useStore(): Store {
  const store = useWholeStore()
  const [, redraw] = useState(0)
  useEffect(() => store.listen(() => redraw((n) => n + 1)), [store])
  return store
}

export function useReport(): Report {
  return useWholeStore().report
}

// The runs that the address asks for. All views that show a selection share the last one computed.
let last: { key: string; report: Report; selection: Selection } | null = null

export function selectionOf(report: Report, a: Address): Selection {
  const key = JSON.stringify([a.where, a.verdicts, a.brushes, a.starredOnly && a.stars, a.sort])
  if (last?.key === key && last.report === report) return last.selection
  const starred = a.starredOnly ? new Set(a.stars.map((id) => findRun(report, id))) : null
  const selection = select(report, {
    where: a.where,
    verdicts: a.verdicts,
    brushes: a.brushes,
    starred,
    sort: a.sort
  })
  last = { key, report, selection }
  return selection
}

export function useSelection(): Selection {
  const { report, address } = useStore()
  return selectionOf(report, address)
}
