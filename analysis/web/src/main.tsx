import { render } from 'preact'

import './style/index.css'

const data = JSON.parse(document.getElementById('report-data')?.textContent ?? 'null')
render(
  <main>
    <h1>{data?.name}</h1>
    <p>{data?.counts?.stored} runs</p>
  </main>,
  document.getElementById('page')!
)
