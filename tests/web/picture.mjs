// A picture of a part of a report, as docs/ has them:
//
//   node tests/web/picture.mjs REPORT HASH SELECTOR OUT.png [WIDTH HEIGHT]
//
// REPORT is a folder with an index.html, HASH a view ("" for the first screen), SELECTOR a part of it by CSS
// ("body" for the window). The environment is that of the tests (browser.mjs): WEB_MODULES is BUILD/analysis/web/page.
import { launch, openReport } from './browser.mjs'

const [folder, hash, selector, out, width = '1440', height = '900'] = process.argv.slice(2)
const browser = await launch()
const { page, close } = await openReport(browser, folder, {
  hash,
  width: Number(width),
  height: Number(height)
})
const part = page.locator(selector).first()
if (selector !== 'body') await part.scrollIntoViewIfNeeded()
await page.waitForTimeout(1000) // pictures decode, curves are drawn
if (selector === 'body') await page.screenshot({ path: out })
else await part.screenshot({ path: out })
await close()
await browser.close()
