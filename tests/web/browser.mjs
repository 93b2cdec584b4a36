// A real browser for the tests of the report's page: Debian's chromium, headless, a fresh profile. Every
// page is watched: an error on its console, or a request for anything but files, fails the test.
//
// From the environment: WEB_MODULES (the folder that has node_modules), CHROMIUM, WEB_ARTIFACTS (where
// screenshots are kept).
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export function setting(name) {
  const value = process.env[name]
  assert.ok(value, `${name} has to be set in the environment`)
  return value
}

const modules = createRequire(pathToFileURL(join(resolve(setting('WEB_MODULES')), 'package.json')))
const executablePath = setting('CHROMIUM')
const artifacts = resolve(setting('WEB_ARTIFACTS'))
const OFFLINE = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]
const ALLOWED = /^(file|data|blob):/

export async function launch() {
  assert.ok(
    existsSync(executablePath),
    `no browser: ${executablePath} (Debian: chromium; scripts/setup.sh --for test)`
  )
  mkdirSync(artifacts, { recursive: true })
  return modules('playwright-core').chromium.launch({
    executablePath,
    args: OFFLINE
  })
}

// A page of its own profile, with the list of what went wrong on it.
export async function openReport(
  browser,
  folder,
  { hash = '', width = 1440, height = 900, scheme = 'light', motion = 'no-preference' } = {}
) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: motion,
    acceptDownloads: true
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const problems = []
  page.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && problems.push(`console: ${message.text()}`)
  )
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error}`))
  page.on('request', (request) => ALLOWED.test(request.url()) || problems.push(`network: ${request.url()}`))
  page.on('requestfailed', (request) => problems.push(`unreadable: ${request.url()}`))
  await page.goto(pathToFileURL(join(resolve(folder), 'index.html')).href + hash)
  await page.locator('main').waitFor()
  const close = async () => {
    await context.close()
    assert.deepEqual(problems, [], 'the page had problems')
  }
  return { page, problems, close }
}

export async function keepScreenshot(page, name) {
  await page.waitForTimeout(300) // pictures decode, curves are drawn
  await page.screenshot({ path: join(artifacts, `${name}.png`) })
}

const axe = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8')

// No finding of axe-core that is serious or critical.
export async function checkAccessibility(page, name) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] })
  )
  const grave = violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(
      (v) =>
        `${v.id}: ${v.help}: ${v.nodes
          .slice(0, 3)
          .map((n) => `${n.target} ${n.failureSummary}`)
          .join(' | ')}`
    )
  assert.deepEqual(grave, [], `accessibility of ${name}`)
}
