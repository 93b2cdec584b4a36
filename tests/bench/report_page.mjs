// How fast the report's page answers with 12,672 runs: opens the large sample in headless chromium and
// prints medians. No test: figures depend on the machine.
//
//   tests/bench/report_page.mjs PAGE_FOLDER [SAMPLE]
//
// PAGE_FOLDER has the packages and dist/template.html (analysis/web after `npm ci && npm run build`, or a
// build folder's analysis/web/page). SAMPLE is a report folder; without it the large sample is made first.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const REPEATS = 7
const [pageFolder, given] = process.argv.slice(2)
if (!pageFolder) {
  console.error('usage: report_page.mjs PAGE_FOLDER [SAMPLE]')
  process.exit(2)
}
const here = dirname(fileURLToPath(import.meta.url))
const require = createRequire(pathToFileURL(join(resolve(pageFolder), 'package.json')))

function makeSample() {
  const folder = mkdtempSync(join(tmpdir(), 'vggsweep-report-'))
  const script = join(here, '../web/make_sample.py')
  const { status } = spawnSync(
    '/usr/bin/python3',
    [script, join(pageFolder, 'dist/template.html'), folder, '--large'],
    { stdio: 'inherit' }
  )
  if (status !== 0) process.exit(1)
  return folder
}

const sample = resolve(given ?? makeSample())
const browser = await require('playwright-core').chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
})
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
const say = (what, values) =>
  console.log(
    `${what.padEnd(46)} ${median(values).toFixed(0).padStart(6)} ms   (worst of ${values.length}: ${Math.max(...values).toFixed(0)})`
  )

async function open(hash) {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 }
  })
  await page.goto(`${pathToFileURL(join(sample, 'index.html')).href}${hash}`, {
    waitUntil: 'commit'
  })
  return page
}

// From navigation until the first screen is painted, and until a click was answered on the screen.
async function opening() {
  const page = await open('#/')
  await page.waitForFunction(() => document.querySelector('.headline .pair img')?.complete)
  const painted = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()
  )
  const answered = await page.evaluate(
    () =>
      new Promise((done) => {
        document.querySelectorAll('.headline .pick')[1].click()
        requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))
      })
  )
  await page.close()
  return { painted, answered }
}

// From an input until the frame that shows its result is painted.
async function answering(page, act, isDone) {
  return page.evaluate(
    ([act, isDone]) =>
      new Promise((done) => {
        const begin = performance.now()
        new Function(act)()
        const look = new Function(`return ${isDone}`)
        const wait = () =>
          look() ? setTimeout(() => done(performance.now() - begin), 0) : requestAnimationFrame(wait)
        requestAnimationFrame(wait)
      }),
    [act, isDone]
  )
}

const openings = []
for (let i = 0; i < REPEATS; i++) openings.push(await opening())
console.log(`index.html ${(statSync(join(sample, 'index.html')).size / 1e6).toFixed(1)} MB`)
say(
  'first screen painted',
  openings.map((o) => o.painted)
)
say(
  'first click answered',
  openings.map((o) => o.answered)
)

const page = await open('#/table')
await page.locator('table.runs tbody tr[data-row]').first().waitFor()
const total = await page.locator('table.runs').getAttribute('aria-rowcount')
const where = (text) =>
  `const f = document.getElementById('where'); f.value = ${JSON.stringify(text)}; f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))`
const rowcount = `document.querySelector('table.runs').getAttribute('aria-rowcount')`
const filters = []
const sorts = []
for (let i = 0; i < REPEATS; i++) {
  filters.push(
    await answering(
      page,
      where(`exc_gain + 0.5*effect > 0.${i + 1} && layer != "relu1_1"`),
      `${rowcount} !== '${total}'`
    )
  )
  await page.waitForTimeout(400) // the parallel coordinates' turn
  filters.push(await answering(page, where(''), `${rowcount} === '${total}'`))
  await page.waitForTimeout(400)
  const before = await page.evaluate(
    () => location.hash + document.querySelector('table.runs tbody tr[data-row]').dataset.row
  )
  sorts.push(
    await answering(
      page,
      `[...document.querySelectorAll('table.runs th button')][${4 + (i % 4)}].click()`,
      `location.hash + document.querySelector('table.runs tbody tr[data-row]').dataset.row !== ${JSON.stringify(before)}`
    )
  )
  await page.waitForTimeout(400)
}
say('filter by an expression, until painted', filters)
say('sort, until painted', sorts)
await page.goto(`${pathToFileURL(join(sample, 'index.html')).href}#/atlas?layer=relu4_3`)
await page.locator('[role=gridcell]').first().waitFor()
const flips = []
for (let i = 0; i < REPEATS; i++)
  flips.push(
    await answering(
      page,
      `const s = [...document.querySelectorAll('.flip input')][0]; s.value = ${i % 3}; s.dispatchEvent(new Event('input', {bubbles: true}))`,
      `document.querySelector('.flip output').textContent.replace(/\\D/g, '') === '${[0, 50, 1000][i % 3]}'`
    )
  )
say('flip the atlas to another lambda', flips)
await browser.close()
