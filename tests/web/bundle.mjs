// Parts of the page for scripts of node: its sources are TypeScript, so they are bundled first. WEB_MODULES is the
// folder with src/ and node_modules.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const modules = resolve(process.env.WEB_MODULES ?? 'analysis/web')
const require = createRequire(pathToFileURL(join(modules, 'package.json')))

export async function load(path) {
  const { outputFiles } = await require('esbuild').build({
    absWorkingDir: modules,
    entryPoints: [`src/${path}`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022'
  })
  const file = join(mkdtempSync(join(tmpdir(), 'vggsweep-web-')), 'module.mjs')
  writeFileSync(file, outputFiles[0].text)
  return import(pathToFileURL(file).href)
}
