// The frame around the views.
import { useCallback, useEffect, useState } from 'preact/hooks'

import type { View } from './state/address'
import { useStore } from './state/store'
import { toggleTheme, useTheme } from './state/theme'
import { useAnnouncement } from './ui/announce'
import { useKeys } from './ui/keys'
import { Atlas } from './views/atlas'
import { Compare } from './views/compare'
import { HelpDialog } from './views/help'
import { NotesDialog } from './views/notes'
import { Overview } from './views/overview'
import { Run } from './views/run'
import { Table } from './views/table'
import { Tray } from './views/tray'

const VIEW_OF: Record<View, () => preact.JSX.Element> = {
  overview: Overview,
  atlas: Atlas,
  table: Table,
  compare: Compare,
  run: Run
}
const TABS: [View, string][] = [
  ['overview', 'Overview'],
  ['atlas', 'Atlas'],
  ['table', 'Table'],
  ['compare', 'Compare']
]

function Navigation() {
  const store = useStore()
  const { view, tray } = store.address
  return (
    <nav aria-label="Views">
      {TABS.map(([name, label]) => (
        <a key={name} href={store.href({ view: name })} aria-current={view === name ? 'page' : undefined}>
          {label}
          {name === 'compare' && tray.length > 0 && <span class="figure badge"> {tray.length}</span>}
        </a>
      ))}
    </nav>
  )
}

type Dialog = 'help' | 'notes' | null

function Header({ show }: { show: (dialog: Dialog) => void }) {
  const store = useStore()
  const theme = useTheme()
  const marked = store.address.stars.length
  return (
    <header class="page-head">
      <a class="brand" href={store.href({ view: 'overview' })} title={store.report.json.name}>
        <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
          <rect class="m-paper" width="16" height="16" />
          <rect class="m-red" width="9.5" height="9.5" />
          <rect class="m-blue" x="10" y="11" width="6" height="5" />
          <rect class="m-yellow" x="10" width="6" height="4" />
          <path class="m-lines" d="M0 10h16M10 0v16M10 4.5h6M0 .5h16v15H0z" />
        </svg>
        <span class="brand-name">{store.report.json.name}</span>
      </a>
      <Navigation />
      <div class="head-tools">
        <button
          type="button"
          class="quiet"
          aria-label={`Stars and notes, ${marked} starred`}
          onClick={() => show('notes')}
        >
          ★ <span class="figure">{marked}</span>
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={theme === 'dark' ? 'Light' : 'Dark'}
          title="Light or dark"
          onClick={toggleTheme}
        >
          {theme === 'dark' ? '☀' : '☾'}
        </button>
        <button type="button" class="quiet" aria-label="Help" title="Help (?)" onClick={() => show('help')}>
          ?
        </button>
      </div>
    </header>
  )
}

export function App() {
  const store = useStore()
  const [dialog, setDialog] = useState<Dialog>(null)
  const showHelp = useCallback(() => setDialog('help'), [])
  const announcement = useAnnouncement()
  useKeys(store, showHelp)
  const { view, run } = store.address
  const { name } = store.report.json
  useEffect(() => {
    scrollTo(0, 0)
    setDialog(null)
    document.title = view === 'overview' ? name : `${view === 'run' ? run : view} · ${name}`
  }, [view, run, name])
  const Shown = VIEW_OF[view]
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}
      >
        To the content
      </a>
      <Header show={setDialog} />
      <main id="main" tabIndex={-1} class={`view-${view}`}>
        <Shown />
      </main>
      <Tray />
      <p class="announcement" role="status">
        {announcement}
      </p>
      {dialog === 'help' && <HelpDialog onClose={() => setDialog(null)} />}
      {dialog === 'notes' && <NotesDialog onClose={() => setDialog(null)} />}
    </>
  )
}
