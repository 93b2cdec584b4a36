// Reads the data out of the page and shows it.
import { render } from 'preact'

import { App } from './app'
import type { ReportJson } from './data/contract'
import { readReport } from './data/report'
import { followLinks } from './state/links'
import { Store, StoreContext } from './state/store'
import { startTheme } from './state/theme'
import './style/index.css'

const FORMAT = 1

function start() {
  const page = document.getElementById('page')
  if (!page) throw new Error('the shell of the page has no #page')
  const data = document.getElementById('report-data')
  if (!data) {
    render(<p class="empty">This page has no data: `vggsweep report` puts it in.</p>, page)
    return
  }
  const json = JSON.parse(data.textContent ?? '') as ReportJson
  if (json.format !== FORMAT) {
    render(
      <p class="empty">
        The data is of format {json.format}, this page reads format {FORMAT}: write the report again.
      </p>,
      page
    )
    return
  }
  data.remove()
  startTheme()
  const store = new Store(readReport(json))
  followLinks(store)
  render(
    <StoreContext.Provider value={store}>
      <App />
    </StoreContext.Provider>,
    page
  )
}

start()
