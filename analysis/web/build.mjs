// Bundles src/ into one HTML file without data, and gathers the licences of what is in it.
//
//   node build.mjs OUT     writes OUT/template.html and OUT/licences.txt
//
// `vggsweep report` puts data into the template's three places (README.md). Nothing in it is loaded from
// elsewhere: one classic script and one style sheet stand inline, because pages from file:// may
// neither fetch nor import.
import * as esbuild from 'esbuild'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2]
if (!out) {
  console.error('usage: node build.mjs OUT')
  process.exit(2)
}

const PLACES = ['<!--vggsweep-title-->', '<!--vggsweep-noscript-->', '<!--vggsweep-data-->']

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ['src/main.tsx'],
  outdir: 'out',
  write: false,
  bundle: true,
  minify: true,
  metafile: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' }
})

const textOf = (suffix) => result.outputFiles.find((file) => file.path.endsWith(suffix)).text
const script = textOf('.js')
const style = textOf('.css')
if (/<\/script|<!--/i.test(script)) throw new Error('the script would end, or hide, the HTML around it')
if (/<\/style/i.test(style)) throw new Error('the style sheet would end the HTML around it')

const page = readFileSync(join(here, 'src/page.html'), 'utf8')
  .replace('/*style*/', () => style.trim())
  .replace('/*script*/', () => script.trim())
for (const place of PLACES)
  if (page.split(place).length !== 2) throw new Error(`the template has to have ${place} exactly once`)

// The packages that the bundle took something from, each with its licence in full.
function licences() {
  const packages = new Set()
  for (const input of Object.keys(result.metafile.inputs)) {
    const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)
    if (match) packages.add(match[1])
  }
  return [...packages].sort().map((name) => {
    const folder = join(here, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    if (!file) throw new Error(`${name} ${version}: no licence file`)
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
}

mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'licences.txt'), licences().join(`\n${'-'.repeat(78)}\n\n`))
writeFileSync(join(out, 'template.html'), page)
console.log(`template.html: ${Math.round(page.length / 1024)} kB`)
