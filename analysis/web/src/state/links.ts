// Links within the page are steps of the store: the browser has nothing to load. Those that are to open in
// a new tab or window are the browser's.
import { readAddress } from './address'
import type { Store } from './store'

export function followLinks(store: Store) {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const href = (event.target as Element).closest('a')?.getAttribute('href')
    if (!href?.startsWith('#/')) return
    event.preventDefault()
    store.go(readAddress(href))
  })
}
