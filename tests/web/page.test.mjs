// The report's page in a real browser, opened from file://. WEB_SAMPLES holds small/ and hostile/ as
// make_sample.py makes them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'

import { checkAccessibility, keepScreenshot, launch, openReport, setting } from './browser.mjs'

const samples = setting('WEB_SAMPLES')
const small = join(samples, 'small')
const data = JSON.parse(
  /id="report-data">(.*?)<\/script>/s.exec(readFileSync(join(small, 'index.html'), 'utf8'))[1]
)
const COUNT = data.verdict.length
const verdictAt = (row) => data.verdicts[data.verdict[row]].name
const countOf = (name) => data.verdicts.find((v) => v.name === name).count
const shortId = (row) => data.values.id[row].slice(0, 8)
const win = data.headlines.find((h) => data.verdicts[h.verdict].name === 'win').row

let browser
before(async () => {
  browser = await launch()
})
after(() => browser?.close())

// One page for one test; it must have had no problem in the end.
async function withPage(options, body) {
  const { page, close } = await openReport(browser, options.folder ?? small, options)
  await body(page)
  await close()
}

// The page follows a key or a click some frames later, and many more on a machine that is busy: tries a
// claim until it holds, and throws what was still wrong with it after five seconds.
async function eventually(claim) {
  const end = Date.now() + 5000
  for (;;) {
    try {
      return await claim()
    } catch (problem) {
      if (Date.now() > end) throw problem
      await setTimeout(20)
    }
  }
}

const shows = (page, count) => eventually(async () => assert.equal(digits(await shown(page)), count))
const shown = (page) => page.locator('.shown b').innerText()
const firstRows = (page, n) =>
  page
    .locator('table.runs tbody tr[data-row]')
    .evaluateAll((rows, n) => rows.slice(0, n).map((r) => Number(r.dataset.row)), n)
const digits = (text) => Number(text.replace(/\D/g, ''))

test('first screen: counts, shares, headline pairs with curves and reasons', () =>
  withPage({}, async (page) => {
    for (const [name, n] of Object.entries({
      planned: data.counts.planned,
      done: data.counts.done,
      failed: data.counts.failed,
      missing: data.counts.missing
    }))
      assert.match(
        await page.locator('.counts li', { hasText: name }).innerText(),
        new RegExp(`^${n}\\s+${name}$`)
      )
    assert.match(
      await page.locator('.about').innerText(),
      new RegExp(
        `Weights\\s+vgg16.safetensors ${data.weights.sha256.slice(0, 12)}, pictures prepared as torchvision does`
      )
    )
    const headline = page.locator('.headline').first()
    assert.match(await headline.locator('h2').innerText(), /win/)
    assert.equal(await headline.locator('.pair img').count(), 2)
    assert.equal(await headline.locator('.reason').innerText(), data.reason[win])
    await headline.locator('.uplot canvas').nth(1).waitFor()
    const bars = page.locator('table.shares a.bar')
    assert.equal(await bars.count(), data.shares.length)
    // One crosshair over both plots.
    await headline
      .locator('.u-over')
      .first()
      .hover({ position: { x: 120, y: 30 } })
    await eventually(async () => {
      const readouts = await headline.locator('.plot-readout').allInnerTexts()
      assert.equal(readouts.length, 2)
      assert.match(readouts[0], /^step \d+: lambda 0 /)
      assert.equal(/step \d+/.exec(readouts[0])[0], /step \d+/.exec(readouts[1])?.[0])
    })
    await keepScreenshot(page, 'overview')
    await checkAccessibility(page, 'overview')
  }))

test('pictures of a pair zoom and move together', () =>
  withPage({}, async (page) => {
    const images = page.locator('.headline').first().locator('.pair img')
    const transforms = () => images.evaluateAll((list) => list.map((img) => img.style.transform))
    await images.first().hover({ position: { x: 60, y: 60 } })
    await page.waitForTimeout(400) // hovering may have scrolled, and wheels do not zoom meanwhile
    await page.mouse.wheel(0, -400)
    await page.waitForFunction(() =>
      /scale\((?!1\))/.test(document.querySelector('.pair img').style.transform)
    )
    const [one, two] = await transforms()
    assert.equal(one, two) // one style for both, set in one frame
    await page.mouse.down()
    await page.mouse.move(200, 260, { steps: 3 })
    await page.mouse.up()
    await eventually(async () => {
      const [moved, alike] = await transforms()
      assert.notEqual(moved, one)
      assert.equal(moved, alike)
    })
    await page.locator('.zoom-reset').first().click()
    await eventually(async () => assert.match((await transforms())[0], /scale\(1\)/))
  }))

test('atlas: tabs, size, the lambda slider flips in place, the filter applies', () =>
  withPage({}, async (page) => {
    await page.getByRole('link', { name: 'Atlas' }).click()
    await page.locator('[role=gridcell]').first().waitFor()
    const layer = data.values.layer.words[1]
    await page.getByRole('tab', { name: layer }).click()
    await eventually(async () => {
      const labels = await page
        .locator('[role=gridcell][data-row]')
        .evaluateAll((cells) => cells.map((c) => c.getAttribute('aria-label')))
      assert.ok(labels.length > 8 && labels.every((label) => label.startsWith(layer)), labels[0])
    })
    await keepScreenshot(page, 'atlas')
    await checkAccessibility(page, 'atlas')

    const lambda = page.getByRole('slider', { name: data.weight })
    const weights = () =>
      page
        .locator('[role=gridcell][data-row]')
        .evaluateAll((cells) => [
          ...new Set(cells.map((c) => /lambda ([\d ]+)/.exec(c.getAttribute('aria-label'))[1]))
        ])
    assert.equal((await weights()).length, 4)
    const place = await page.locator('[role=row]').first().boundingBox()
    await lambda.focus()
    await page.keyboard.press('End')
    await eventually(async () => assert.deepEqual(await weights(), ['500']))
    await page.keyboard.press('ArrowLeft')
    await eventually(async () => assert.deepEqual(await weights(), ['50']))
    const flipped = await page.locator('[role=row]').first().boundingBox()
    assert.deepEqual([flipped.x, flipped.y], [place.x, place.y])
    await keepScreenshot(page, 'atlas-flip')

    const size = page.getByRole('slider', { name: 'size' })
    await size.focus()
    await page.keyboard.press('Home')
    await eventually(async () =>
      assert.equal((await page.locator('[role=gridcell] .thumb').first().boundingBox()).width, 32)
    )

    await page.getByRole('button', { name: /^collapse/ }).click()
    await shows(page, countOf('collapse'))
    await eventually(async () => {
      const passing = await page
        .locator('[role=gridcell][data-row]:not(.out)')
        .evaluateAll((cells) => cells.map((c) => Number(c.dataset.row)))
      assert.ok(passing.length > 0 && passing.every((row) => verdictAt(row) === 'collapse'))
    })
  }))

test('atlas by keys: arrows, enter, back', () =>
  withPage({ hash: '#/atlas' }, async (page) => {
    await page.locator('[role=gridcell]').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    const place = () => page.evaluate(() => Number(document.activeElement.dataset.place))
    await eventually(async () => assert.equal(await place(), 2))
    await page.keyboard.press('ArrowDown')
    await eventually(async () => assert.ok((await place()) > 2))
    await page.keyboard.press('End')
    await eventually(async () =>
      assert.ok((await page.evaluate(() => document.querySelector('.atlas-scroll').scrollTop)) > 0)
    )
    await page.keyboard.press('Home')
    await eventually(async () => assert.equal(await place(), 0))
    await page.keyboard.press('c')
    await page.locator('.tray').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('article.run').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.atlas').waitFor()
    await eventually(async () => assert.equal(await place(), 0)) // where one was
  }))

test('table: expression, verdict chips, mistakes shown with their column', () =>
  withPage({ hash: '#/table' }, async (page) => {
    await shows(page, COUNT)
    const table = page.getByRole('grid', { name: 'Runs' })
    assert.equal(await table.getAttribute('aria-rowcount'), String(COUNT + 1))
    await page.keyboard.press('/')
    await page.keyboard.type('exc_gain > 0.02 && layer == "relu3_3"')
    const wanted = data.values.exc_gain.filter(
      (g, r) => g > 0.02 && data.values.layer.words[data.values.layer.codes[r]] === 'relu3_3'
    ).length
    await shows(page, wanted)
    await eventually(async () => assert.equal(await table.getAttribute('aria-rowcount'), String(wanted + 1)))

    await page.keyboard.press('Control+A')
    await page.keyboard.type('exc_gian > 0')
    await page
      .locator('#where-problem', {
        hasText: 'column 1: unknown name "exc_gian" (did you mean "exc_gain"?)'
      })
      .waitFor()
    await keepScreenshot(page, 'table-mistake')
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    await page.keyboard.press('Escape')
    for (const name of ['failed', 'diverged'])
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click()
    await shows(page, countOf('failed') + countOf('diverged'))
    await page.getByRole('button', { name: /^missing/ }).click()
    await eventually(async () =>
      assert.equal(await page.locator('.missing-runs tbody tr').count(), data.missing.length)
    )
    await keepScreenshot(page, 'table-filtered')
    await checkAccessibility(page, 'table')
  }))

test('table: sort by one and by several columns', () =>
  withPage({ hash: '#/table' }, async (page) => {
    const head = (name) => page.getByRole('columnheader', { name: new RegExp(`^${name}`) })
    await head('exc_gain').getByRole('button').click()
    await eventually(async () => {
      assert.equal(await head('exc_gain').getAttribute('aria-sort'), 'descending')
      const gains = (await firstRows(page, 12)).map((row) => data.values.exc_gain[row])
      assert.deepEqual(
        gains,
        [...gains].sort((a, b) => b - a)
      )
      assert.equal(gains[0], Math.max(...data.values.exc_gain))
    })
    await head('layer').getByRole('button').click()
    await head('exc_gain')
      .getByRole('button')
      .click({ modifiers: ['Shift'] })
    const best = data.values.exc_gain.filter((g, r) => g !== null && data.values.layer.codes[r] === 0)
    await eventually(async () => {
      const [first] = await firstRows(page, 1)
      assert.equal(data.values.layer.codes[first], 0)
      assert.equal(data.values.exc_gain[first], Math.max(...best))
      assert.match(new URL(page.url()).hash, /sort=layer,-exc_gain/)
    })
    await keepScreenshot(page, 'table-sorted')
  }))

test('table by keys: arrows, tray, enter; unseen rows come into being', () =>
  withPage({ hash: '#/table' }, async (page) => {
    await page.locator('table.runs tbody tr[data-row]').first().focus()
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown')
    const index = () => page.evaluate(() => Number(document.activeElement.dataset.place))
    await eventually(async () => assert.equal(await index(), 3))
    await page.keyboard.press('c')
    await page.keyboard.press('End')
    await eventually(async () => {
      assert.equal(await index(), COUNT - 1)
      const [box, row] = await page.evaluate(() => [
        document.querySelector('.table-scroll').getBoundingClientRect(),
        document.activeElement.getBoundingClientRect()
      ])
      assert.ok(row.top > box.top && row.bottom <= box.bottom + 1, 'the focused row is on the screen')
    })
    await page.keyboard.press('Enter')
    await page.locator('article.run').waitFor()
    assert.match(new URL(page.url()).hash, new RegExp(`#/run/${shortId(COUNT - 1)}.*tray=${shortId(3)}`))
  }))

test('parallel coordinates: a brush filters the table, and can be written into the filter', () =>
  withPage({ hash: '#/table' }, async (page) => {
    const axis = page.locator('.axis', { hasText: 'coverage' }).locator('.axis-strip')
    const box = await axis.boundingBox()
    await page.mouse.move(box.x + box.width / 2, box.y + 5)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, {
      steps: 4
    })
    await page.mouse.up()
    await page.locator('.chip', { hasText: /^coverage/ }).waitFor()
    const count = await eventually(async () => {
      const [, low, high] = /brush=coverage:([^.]*\.[^.]*)\.\.([^&]*)/.exec(page.url())
      const within = data.values.coverage.filter((c) => c !== null && c >= low && c <= high).length
      assert.ok(within > 0 && within < COUNT)
      assert.equal(digits(await shown(page)), within)
      return within
    })
    await keepScreenshot(page, 'table-brush')
    await page.getByRole('button', { name: 'write into the filter' }).click()
    await eventually(async () =>
      assert.match(await page.locator('#where').inputValue(), /^coverage >= \S+ && coverage <= \S+$/)
    )
    await shows(page, count)
  }))

test('exports what is shown', () =>
  withPage({ hash: '#/table?verdict=win&sort=-exc_gain' }, async (page) => {
    const save = async (name) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click()
      ])
      return readFileSync(await download.path(), 'utf8')
    }
    const lines = (await save('CSV')).trimEnd().split('\r\n')
    assert.equal(lines.length, countOf('win') + 1)
    assert.match(lines[0], /^id,verdict,layer,channel/)
    const runs = JSON.parse(await save('JSON'))
    assert.equal(runs.length, countOf('win'))
    assert.ok(runs.every((run, i) => i === 0 || runs[i - 1].exc_gain >= run.exc_gain))
  }))

test('one run: snapshots, traces, log axis, group, figures, spec, command', () =>
  withPage({ hash: `#/run/${shortId(win)}` }, async (page) => {
    await page
      .locator('.uplot')
      .nth(data.traces.names.length - 1)
      .waitFor()
    assert.equal(await page.locator('.run-curves .plot').count(), data.traces.names.length)
    const slider = page.getByRole('slider', { name: 'Snapshot' })
    assert.equal(await slider.getAttribute('aria-valuetext'), 'final picture')
    await slider.focus()
    await page.keyboard.press('Home')
    await eventually(async () => assert.equal(await slider.getAttribute('aria-valuetext'), 'step 0'))
    await page.locator('.run-picture .strip img').waitFor()
    await keepScreenshot(page, 'run-snapshot')
    await page.keyboard.press('End')
    await eventually(async () => assert.equal(await slider.getAttribute('aria-valuetext'), 'final picture'))
    await page.getByLabel('log axis').check()
    const smoothing = page.getByRole('slider', { name: 'smoothing' })
    await smoothing.focus()
    await page.keyboard.press('PageUp')
    assert.match(await page.locator('.command pre').innerText(), /^vggsweep run .*--set grid\.channel=/)
    await page.getByRole('button', { name: 'Copy the command' }).click()
    await eventually(async () =>
      assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^vggsweep run /)
    )
    await page.getByText('Spec: what decides the numbers').click()
    await page.locator('.spec', { hasText: '"steps": 400' }).waitFor()
    const strip = page.locator('.group-strip a')
    assert.ok((await strip.count()) >= 3)
    await keepScreenshot(page, 'run')
    await checkAccessibility(page, 'run')
    await strip.first().click()
    await page.waitForFunction((id) => !location.hash.includes(id), shortId(win))
    await page.goBack()
    await page.locator(`.run[data-row="${win}"]`).waitFor()
    assert.match(new URL(page.url()).hash, new RegExp(shortId(win)))
  }))

const drawingRow = data.drawings.plotted.find(
  (row) =>
    data.baseline[row] >= 0 && data.baseline[row] !== row && data.drawings.svg.includes(data.baseline[row])
)

test('a drawing: vectors, as plotted, stages, pens, plot figures, budget', () =>
  withPage({ hash: `#/run/${shortId(drawingRow)}` }, async (page) => {
    const id = data.values.id[drawingRow]
    const picture = page.locator('.run-picture .frame img')
    const isShown = () => picture.evaluate((img) => img.complete && img.naturalWidth > 0)
    assert.equal(await picture.getAttribute('src'), `drawings/${id}.svg`)
    await eventually(async () => assert.ok(await isShown()))
    await page.getByRole('checkbox', { name: 'as plotted' }).check()
    await eventually(async () => {
      assert.equal(await picture.getAttribute('src'), `drawings/${id}-plotted.svg`)
      assert.match(await picture.getAttribute('alt'), /, as plotted$/)
      assert.ok(await isShown())
    })
    await page.locator('.run-picture .frame').focus()
    for (let i = 0; i < 5; i++) await page.keyboard.press('+')
    await eventually(async () =>
      assert.match(await picture.evaluate((img) => img.style.transform), /scale\(7/)
    )
    assert.equal(await picture.evaluate((img) => img.style.imageRendering), 'auto')
    await keepScreenshot(page, 'drawing-plotted')
    await page.keyboard.press('0')
    await page.getByRole('checkbox', { name: 'as plotted' }).uncheck()

    const cells = (table) => page.locator(`${table} tbody tr`).allInnerTexts()
    const stages = await cells('table.stages')
    const percent = (name) => (100 * data.values[name][drawingRow]).toFixed(1)
    assert.deepEqual(
      stages.map((text) => /(\d+\.\d)%/.exec(text)[1]),
      ['100.0', percent('kept_quantized'), percent('kept_refined'), percent('kept_plotted')]
    )
    assert.deepEqual(
      stages.map((text) => /^\w+/.exec(text)[0]),
      ['free', 'quantized', 'refined', 'plotted']
    )
    await page.locator('table.pens').waitFor()
    const pens = await cells('table.pens')
    assert.equal(pens.length, data.values.pens[drawingRow])
    assert.match(pens[0], /ink blue\s+#1f3f7f\s+0\.8 mm\s+\d+/)
    const swatch = page.locator('table.pens .swatch span').first()
    assert.equal(await swatch.evaluate((s) => getComputedStyle(s).backgroundColor), 'rgb(31, 63, 127)')
    const facts = page.locator('.run-drawing')
    const time = `${data.values.minutes[drawingRow].toFixed(1)} min`
    assert.ok((await facts.innerText()).includes(time), time)
    await facts.locator('.uplot').waitFor()
    assert.match(
      await facts.locator('.plot-canvas').getAttribute('aria-label'),
      /^exc_loss over 140 strokes: lambda 0 from .*; lambda \d+ from/
    )
    assert.match(
      await facts.innerText(),
      /Half of the excitation takes 60 of 140 strokes, nine tenths all of them\./
    )
    await page.evaluate(() => scrollTo(0, 0))
    await keepScreenshot(page, 'drawing')
    await facts.scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'drawing-facts')
    await checkAccessibility(page, 'drawing')
  }))

test('a drawing that is not there as vectors is its picture; a picture has no pens', () =>
  withPage({}, async (page) => {
    const strokes = data.values.strokes
    const last = strokes.findLastIndex((n) => n > 0)
    assert.ok(!data.drawings.svg.includes(last))
    await page.evaluate((id) => (location.hash = `#/run/${id}`), shortId(last))
    await page.locator('table.stages').waitFor()
    const picture = page.locator('.run-picture .frame img')
    assert.equal(await picture.getAttribute('src'), `pictures/${data.values.id[last]}.jpg`)
    assert.equal(await page.getByRole('checkbox', { name: 'as plotted' }).count(), 0)
    assert.equal(strokes[win], 0)
    await page.evaluate((id) => (location.hash = `#/run/${id}`), shortId(win))
    await page.locator(`.run[data-row="${win}"]`).waitFor()
    assert.equal(await page.locator('.run-drawing').count(), 0)
  }))

test('runs without picture or figures are shown all the same', () =>
  withPage({}, async (page) => {
    for (const name of ['failed', 'diverged', 'unpaired', 'dead']) {
      const row = data.verdict.findIndex((v) => data.verdicts[v].name === name)
      await page.evaluate((id) => (location.hash = `#/run/${id}`), shortId(row))
      await page.locator('.run-head .verdict', { hasText: name }).waitFor()
      assert.ok((await page.locator('.run-picture .reason').innerText()).length > 0)
    }
    await page.evaluate(() => (location.hash = '#/run/ffffffff'))
    await page.getByText('No such run').waitFor()
  }))

test('compare: shared zoom, traces over each other, only what differs', () =>
  withPage({ hash: '#/atlas' }, async (page) => {
    for (const place of [0, 1, 2]) {
      await page.locator(`[data-place="${place}"]`).focus()
      await page.keyboard.press('c')
    }
    await page.locator('.tray').getByRole('link', { name: 'Compare' }).click()
    await eventually(async () => assert.equal(await page.locator('.compare-pictures img').count(), 3))
    await page.locator('.compare-pictures .frame').first().focus()
    await page.keyboard.press('+')
    await eventually(async () => {
      const transforms = await page
        .locator('.compare-pictures img')
        .evaluateAll((list) => list.map((img) => img.style.transform))
      assert.equal(new Set(transforms).size, 1)
      assert.doesNotMatch(transforms[0], /scale\(1\)/)
    })
    const keys = page.locator('section', { hasText: 'What differs in the specs' }).locator('tbody th')
    await eventually(async () => assert.deepEqual(await keys.allInnerTexts(), ['grid.lambda']))
    await page
      .locator('.uplot')
      .nth(data.traces.names.length - 1)
      .waitFor()
    await keepScreenshot(page, 'compare')
    await checkAccessibility(page, 'compare')
    await page.getByRole('button', { name: 'Remove B from the tray' }).click()
    await eventually(async () => assert.equal(await page.locator('.compare-pictures img').count(), 2))
  }))

test('stars and notes: kept in the address, exported and read again', () =>
  withPage({ hash: `#/run/${shortId(win)}` }, async (page) => {
    await page.keyboard.press('s')
    await page.locator('.note textarea').fill('plot this one: 2 pens & <b>ink</b>')
    await page.waitForFunction(() => /stars=.*note=/.test(location.hash))
    await page.reload()
    assert.equal(await page.locator('.note textarea').inputValue(), 'plot this one: 2 pens & <b>ink</b>')
    await page.getByRole('button', { name: /^Stars and notes/ }).click()
    await keepScreenshot(page, 'notes')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click()
    ])
    const file = await download.path()
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')).stars, [data.values.id[win]])
    await page.keyboard.press('Escape')
    await page.evaluate(() => (location.hash = '#/table'))
    await page.getByRole('button', { name: /^Stars and notes, 0/ }).click()
    await page.locator('input[type=file]').setInputFiles({
      name: 'notes.json',
      mimeType: 'application/json',
      buffer: readFileSync(file)
    })
    await page.getByText('1 stars and 1 notes read.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^starred/ }).click()
    await eventually(async () => assert.deepEqual(await firstRows(page, 3), [win]))
  }))

test('a link brings everything back; back and forward go through the views', () =>
  withPage(
    {
      hash: '#/table?where=exc_gain+%3E+-0.5&verdict=tradeoff&brush=coverage:0.3..0.8&sort=-effect&columns=verdict,effect,host'
    },
    async (page) => {
      const state = async () => [
        await shown(page),
        await firstRows(page, 6),
        await page.locator('table.runs thead th').allInnerTexts()
      ]
      const once = await eventually(async () => {
        const seen = await state()
        assert.ok(digits(seen[0]) > 0 && digits(seen[0]) < COUNT)
        assert.equal(seen[2].length, 4)
        return seen
      })
      await page.reload()
      await eventually(async () => assert.deepEqual(await state(), once))
      await page.getByRole('link', { name: 'Atlas' }).click()
      await page.getByRole('link', { name: 'Overview' }).click()
      await page.locator('.overview').waitFor()
      await page.goBack()
      await page.locator('.atlas').waitFor()
      await page.goBack()
      await eventually(async () => assert.deepEqual(await state(), once))
      await page.goForward()
      await page.locator('.atlas').waitFor()
    }
  ))

test('help opens with ?, closes with esc; digits choose views', () =>
  withPage({}, async (page) => {
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Help' }).waitFor()
    await keepScreenshot(page, 'help')
    await checkAccessibility(page, 'help')
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('3')
    await page.locator('.table-view').waitFor()
    await page.keyboard.press('/')
    await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.id), 'where'))
  }))

test('every view in dark and on a telephone', async () => {
  const ids = [0, 1, 2].map(shortId)
  const views = {
    overview: '#/',
    atlas: '#/atlas',
    table: '#/table',
    run: `#/run/${shortId(win)}`,
    drawing: `#/run/${shortId(drawingRow)}`,
    compare: `#/compare?tray=${ids}`,
    empty: '#/compare'
  }
  for (const [name, hash] of Object.entries(views)) {
    for (const [kind, options] of Object.entries({
      dark: { scheme: 'dark' },
      telephone: { width: 390, height: 844 },
      'telephone-dark': {
        width: 390,
        height: 844,
        scheme: 'dark',
        motion: 'reduce'
      }
    })) {
      await withPage({ hash, ...options }, async (page) => {
        await keepScreenshot(page, `${name}-${kind}`)
        await checkAccessibility(page, `${name}, ${kind}`)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(wide <= 0, `${name}, ${kind}: wider than the screen by ${wide} px`)
      })
    }
  }
})

test('the toggle overrules the system, and holds after a reload', () =>
  withPage({}, async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Dark' }).click()
    const dark = await eventually(async () => {
      const seen = await ground()
      assert.notEqual(seen, light)
      return seen
    })
    await page.reload()
    await page.locator('main').waitFor()
    await eventually(async () => assert.equal(await ground(), dark))
  }))

test('printing shows rows that the screen does not', () =>
  withPage({ hash: '#/table' }, async (page) => {
    const before = await page.locator('table.runs tbody tr[data-row]').count()
    // At once: the browser takes its picture of the page as soon as the event has been heard.
    const printed = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'))
      return document.querySelectorAll('table.runs tbody tr[data-row]').length
    })
    assert.ok(before < 80 && printed === COUNT, `${before} rows on the screen, ${printed} printed`)
    await page.emulateMedia({ media: 'print' })
    assert.equal(await page.locator('.page-head nav').isVisible(), false)
    await keepScreenshot(page, 'print')
  }))

test('printing a drawing shows all that is told of it', () =>
  withPage({ hash: `#/run/${shortId(drawingRow)}`, scheme: 'dark', width: 794 }, async (page) => {
    await page.locator('.run-drawing .uplot').waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.locator('.run-drawing').scrollIntoViewIfNeeded()
    for (const part of ['table.stages', 'table.pens', '.budget'])
      assert.ok(await page.locator(part).isVisible(), part)
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      'rgb(255, 255, 255)'
    )
    await keepScreenshot(page, 'drawing-print')
  }))

test('hostile texts are shown as texts', () =>
  withPage({ folder: join(samples, 'hostile') }, async (page) => {
    assert.match(await page.title(), /<\/script><script>throw 1<\/script><img/)
    assert.match(await page.locator('.brand-name').innerText(), /^<\/script><script>throw 1/)
    await page.locator('.reason', { hasText: '</script><script>throw 1</script>' }).first().waitFor()
    await keepScreenshot(page, 'hostile')
    await page.evaluate(() => (location.hash = '#/table?columns=host,verdict'))
    await page.locator('td', { hasText: '<img src=x onerror=' }).first().waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV', exact: true }).click()
    ])
    assert.match(readFileSync(await download.path(), 'utf8'), /"'=HYPERLINK\(""x""\)"/)
    await page.locator('table.runs tbody tr[data-row]').first().click()
    await page.locator('article.run').waitFor()
    await page.getByText('Spec: what decides the numbers').click()
    await page.locator('.spec', { hasText: '</script><script>' }).waitFor()
    assert.equal(await page.locator('main script, main img[src=x]').count(), 0)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0)
    await checkAccessibility(page, 'hostile')
  }))

test('a report of a job that still computes says so', () =>
  withPage({ folder: join(samples, 'live') }, async (page) => {
    await page.getByText('A job is still computing').waitFor()
  }))

test('without JavaScript there is a table', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`file://${join(small, 'index.html')}`)
  assert.match(await page.locator('body').innerText(), new RegExp(data.values.id[win]))
  await context.close()
})
