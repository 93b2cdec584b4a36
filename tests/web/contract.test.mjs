// What the program writes is what the page reads: reports of real sweeps (make_report.py), and the made-up ones,
// against src/data/contract.ts, and the real ones in a browser. WEB_REPORTS holds whole/, part/, alone/, selected.json.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import vm from 'node:vm'

import { keepScreenshot, launch, openReport, setting } from './browser.mjs'
import { load } from './bundle.mjs'

const reports = setting('WEB_REPORTS')
const samples = setting('WEB_SAMPLES')
const { reportShape, chunkShape, placeProblems } = await load('data/contract.ts')
const { decodeRow } = await load('data/chunks.ts')

function readData(folder) {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  return JSON.parse(/id="report-data">(.*?)<\/script>/s.exec(page)[1])
}

// A chunk is a script that calls vggsweepChunk(n, {...}).
function readChunks(folder) {
  const chunks = []
  const context = vm.createContext({ vggsweepChunk: (n, chunk) => (chunks[n] = chunk) })
  for (const name of readdirSync(join(folder, 'chunks')))
    vm.runInContext(readFileSync(join(folder, 'chunks', name), 'utf8'), context)
  return chunks.map((chunk) => JSON.parse(JSON.stringify(chunk)))
}

const whole = join(reports, 'whole')
const data = readData(whole)
const COUNT = data.counts.stored
const few = (problems) => problems.slice(0, 20)

for (const folder of [
  join(reports, 'whole'),
  join(reports, 'part'),
  join(reports, 'alone'),
  ...['small', 'hostile', 'live'].map((n) => join(samples, n))
])
  test(`${folder.split('/').slice(-2).join('/')}: data and chunks are as the contract has them`, () => {
    const data = readData(folder)
    assert.deepEqual(few(reportShape.check(data, 'data')), [])
    assert.deepEqual(few(placeProblems(data)), [])
    const { chunk: size, names, steps } = data.traces
    const chunks = readChunks(folder)
    assert.equal(chunks.length, Math.ceil(data.counts.stored / size))
    chunks.forEach((chunk, n) => {
      assert.deepEqual(few(chunkShape.check(chunk, `chunk ${n}`)), [])
      assert.equal(chunk.first, n * size)
      assert.equal(chunk.count, Math.min(size, data.counts.stored - chunk.first))
      assert.deepEqual(Object.keys(chunk.traces), names)
      for (const list of [chunk.spec, chunk.command, chunk.drawing ?? chunk.spec])
        assert.equal(list.length, chunk.count)
      for (const name of names)
        assert.equal(decodeRow(chunk.traces[name], chunk.count - 1, steps.length).length, steps.length)
    })
  })

test('the contract notices what is missing, of another type, and too much', () => {
  const changed = (change) => {
    const copy = structuredClone(data)
    change(copy)
    return [...reportShape.check(copy, 'data'), ...placeProblems(copy)]
  }
  assert.deepEqual(
    changed((d) => delete d.picture.width),
    ['data.picture.width is absent, not a whole number']
  )
  assert.deepEqual(
    changed((d) => (d.cases.seeds[1] = '2')),
    ['data.cases.seeds[1] is "2", not a whole number']
  )
  assert.deepEqual(
    changed((d) => (d.values.lambda = d.values.layer)),
    ['values of lambda are no numbers']
  )
  assert.deepEqual(
    changed((d) => (d.columns[0].width = 3)),
    ['data.columns[0].width is not known to the page']
  )
  assert.deepEqual(
    changed((d) => d.reason.pop()),
    [`reason: ${COUNT - 1} elements for ${COUNT} runs`]
  )
  assert.deepEqual(
    changed((d) => (d.verdict[0] = 99)),
    [`verdict leads beyond ${data.verdicts.length}`]
  )
})

// --- in a browser

const selected = JSON.parse(readFileSync(join(reports, 'selected.json'), 'utf8'))

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

async function withPage(folder, hash, body) {
  const { page, close } = await openReport(browser, folder, { hash })
  await body(page)
  await close()
}

// Every picture in sight is there, and is one.
const picturesLoad = (page, selector) =>
  page.waitForFunction((selector) => {
    const images = [...document.querySelectorAll(selector)]
    return images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0)
  }, selector)

test('a real report: first screen', () =>
  withPage(whole, '', async (page) => {
    for (const name of ['planned', 'done', 'diverged'])
      assert.match(
        await page.locator('.counts li', { hasText: name }).innerText(),
        new RegExp(`^${data.counts[name]}\\s+${name}$`)
      )
    assert.ok(data.counts.diverged > 0 && data.counts.done > 0)
    assert.equal(
      await page.locator('section.headline').count(),
      new Set(data.headlines.map((h) => h.verdict)).size
    )
    await picturesLoad(page, 'section.headline:first-of-type .pair img')
    await page.locator('section.headline .uplot').first().waitFor()
    await page.getByText('The sweep file').click()
    assert.equal(await page.locator('.about pre').innerText(), data.sweep)
    await keepScreenshot(page, 'real-overview')
  }))

test('a sweep that compares nothing begins with its most excited and most different channels', () => {
  const alone = join(reports, 'alone')
  const { channels, headlines } = readData(alone)
  assert.equal(headlines.length, 0)
  assert.equal(channels.excited.length, 12)
  assert.ok(channels.different.length > 2)
  return withPage(alone, '', async (page) => {
    const titles = await page.locator('.channels h2').allInnerTexts()
    assert.deepEqual(titles, ['Most excited channels', 'Most different channels'])
    const shown = await page
      .locator('.channels')
      .first()
      .locator('li')
      .evaluateAll((items) => items.map((item) => Number(item.dataset.row)))
    assert.deepEqual(shown, channels.excited)
    await picturesLoad(page, '.channels:first-of-type img')
    assert.match(await page.locator('.channels li').first().innerText(), /relu\d_\d.*\s+z-score [\d ]/)
    assert.match(await page.locator('.about').innerText(), /Weights\s+builtin/)
    await keepScreenshot(page, 'alone-overview')
    await page.locator('.channels li a').first().click()
    await page.locator(`.run[data-row="${channels.excited[0]}"]`).waitFor()
  })
})

test('a real report: a drawing’s page, and that of a run that diverged', () =>
  withPage(whole, '', async (page) => {
    const [drawn] = data.drawings.plotted
    await page.evaluate((id) => (location.hash = `#/run/${id}`), data.values.id[drawn])
    await page.locator(`.run[data-row="${drawn}"] .run-drawing .uplot`).waitFor()
    await picturesLoad(page, '.run-picture img')
    assert.equal(await page.locator('.run-curves .uplot').count(), data.traces.names.length)
    assert.equal(await page.locator('table.pens tbody tr').count(), 3)
    assert.match(await page.locator('.command pre').innerText(), /^vggsweep run /)
    await page.getByText('Spec: what decides the numbers').click()
    assert.match(await page.locator('.spec').innerText(), /"plot.page": "A6"|"page": "A6"/)
    await page.getByRole('checkbox', { name: 'as plotted' }).check()
    await picturesLoad(page, '.run-picture img')
    await keepScreenshot(page, 'real-run')
    const diverged = data.verdict.findIndex((v) => data.verdicts[v].name === 'diverged')
    await page.evaluate((id) => (location.hash = `#/run/${id}`), data.values.id[diverged])
    await page.locator(`.run[data-row="${diverged}"]`).waitFor()
    assert.match(await page.locator('.run-picture .reason').innerText(), /^diverged/)
  }))

test('a real report: the filter selects what rank --where selects', () =>
  withPage(whole, '#/table', async (page) => {
    for (const { where, ids } of selected) {
      await page.locator('#where').fill(where)
      await page.locator('#where').press('Enter')
      await page.waitForFunction(
        (where) => new URLSearchParams(location.hash.split('?')[1]).get('where') === where,
        where
      )
      assert.equal(await page.locator('#where-problem').innerText(), '', where)
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'JSON', exact: true }).click()
      ])
      const runs = JSON.parse(readFileSync(await download.path(), 'utf8'))
      assert.deepEqual(runs.map((run) => run.id).sort(), ids, where)
    }
    await keepScreenshot(page, 'real-table')
  }))

test('a report of a job that computes: live, with missing runs', () => {
  const folder = join(reports, 'part')
  const part = readData(folder)
  assert.ok(part.live && part.counts.missing > 0 && part.weight === 'rho')
  return withPage(folder, '', async (page) => {
    await page.getByText('A job is still computing').waitFor()
    await page.locator('.counts a', { hasText: 'missing' }).click()
    await page.locator('.missing-runs tbody tr').first().waitFor()
    assert.equal(await page.locator('.missing-runs tbody tr').count(), part.missing.length)
    await keepScreenshot(page, 'real-part')
    await page.evaluate(() => (location.hash = '#/atlas'))
    await page.locator('.atlas .thumb').first().waitFor()
  })
})
