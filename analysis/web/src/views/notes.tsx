// Stars and notes of all runs, in and out as a file. They live in the address; a file keeps more than an
// address should.
import { useEffect, useRef, useState } from 'preact/hooks'

import { findRun } from '../data/report'
import { download, fileName } from '../query/export'
import { useStore, type Store } from '../state/store'
import { RunLink } from '../ui/buttons'
import { runName } from '../ui/format'
import { Thumbnail } from '../ui/picture'

const LONG_ADDRESS = 4000 // characters: mail programs and chats begin to cut links

interface NotesFile {
  format: 'vggsweep-notes'
  name: string
  stars: string[]
  notes: Record<string, string>
}

function exportNotes(store: Store) {
  const { stars, notes } = store.address
  const full = (id: string) => store.report.ids[findRun(store.report, id)] ?? id
  const file: NotesFile = {
    format: 'vggsweep-notes',
    name: store.report.json.name,
    stars: stars.map(full),
    notes: Object.fromEntries(Object.entries(notes).map(([id, note]) => [full(id), note]))
  }
  download(
    fileName(`${store.report.json.name}-notes`, 'json'),
    'application/json',
    JSON.stringify(file, null, 1) + '\n'
  )
}

// Adds to what is there. Returns what happened, in words.
export function importNotes(store: Store, text: string): string {
  let file: Partial<NotesFile>
  try {
    file = JSON.parse(text) as Partial<NotesFile>
  } catch {
    return 'This file is no JSON.'
  }
  if (file?.format !== 'vggsweep-notes')
    return 'This file has no notes: its "format" is not "vggsweep-notes".'
  const known = (id: unknown): string[] =>
    typeof id === 'string' && findRun(store.report, id) >= 0 ? [id.slice(0, 8)] : []
  const stars = (Array.isArray(file.stars) ? file.stars : []).flatMap(known)
  const pairs = Object.entries(file.notes ?? {}).flatMap(([id, note]) =>
    known(id).map((short) => [short, String(note).slice(0, 400)] as const)
  )
  const all = new Set([...store.address.stars, ...stars])
  store.go({ stars: [...all], notes: { ...store.address.notes, ...Object.fromEntries(pairs) } })
  const given = (file.stars?.length ?? 0) + Object.keys(file.notes ?? {}).length
  const passedOver = given - stars.length - pairs.length
  return (
    `${stars.length} stars and ${pairs.length} notes read` +
    (passedOver > 0 ? `; ${passedOver} are of runs that are not in this report.` : '.')
  )
}

export function NotesDialog({ onClose }: { onClose: () => void }) {
  const store = useStore()
  const { report, address } = store
  const dialog = useRef<HTMLDialogElement>(null)
  const [message, setMessage] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  const marked = [...new Set([...address.stars, ...Object.keys(address.notes)])]
    .map((id) => findRun(report, id))
    .filter((row) => row >= 0)
  const read = async (input: HTMLInputElement) => {
    const file = input.files?.[0]
    if (file) setMessage(importNotes(store, await file.text()))
    input.value = ''
  }
  return (
    <dialog ref={dialog} class="dialog" aria-label="Stars and notes" onClose={onClose}>
      <header>
        <h2>Stars and notes</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          close
        </button>
      </header>
      {marked.length === 0 ? (
        <p class="faint">
          None yet. <kbd>s</kbd> stars a run; its page has room for a note.
        </p>
      ) : (
        <ul class="marked">
          {marked.map((row) => (
            <li key={row}>
              <Thumbnail row={row} size={36} />
              <span>
                <RunLink row={row}>{runName(report, row)}</RunLink>
                {store.isStarred(row) ? ' ★' : ''}
                <span class="faint block">{store.noteOf(row)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {location.href.length > LONG_ADDRESS && (
        <p class="faint">The address has grown long: a file travels better.</p>
      )}
      <footer>
        <button type="button" disabled={marked.length === 0} onClick={() => exportNotes(store)}>
          Export
        </button>
        <label class="button">
          Import
          <input
            class="unseen"
            type="file"
            accept="application/json,.json"
            onChange={(e) => void read(e.currentTarget)}
          />
        </label>
        <span role="status">{message}</span>
      </footer>
    </dialog>
  )
}
