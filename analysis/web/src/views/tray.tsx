// The tray at the bottom: runs collected for comparing.
import { useStore } from '../state/store'
import { TRAY_MOST } from '../state/address'
import { runName } from '../ui/format'
import { Thumbnail } from '../ui/picture'

export function Tray() {
  const store = useStore()
  const rows = store.rowsOf(store.address.tray)
  if (rows.length === 0 || store.address.view === 'compare') return null
  return (
    <section class="tray" aria-label="Tray">
      <ul>
        {rows.map((row) => (
          <li key={row}>
            <button
              type="button"
              class="pick"
              title={`${runName(store.report, row)}: remove`}
              aria-label={`Remove ${runName(store.report, row)} from the tray`}
              onClick={() => store.toggleTray(row)}
            >
              <Thumbnail row={row} size={40} />
              <span class="pick-x" aria-hidden="true">
                ×
              </span>
            </button>
          </li>
        ))}
      </ul>
      <span class="faint">
        {rows.length} of {TRAY_MOST}
      </span>
      <a class="button primary" href={store.href({ view: 'compare' })}>
        Compare
      </a>
      <button type="button" class="quiet" onClick={() => store.adjust({ tray: [] })}>
        empty
      </button>
    </section>
  )
}
