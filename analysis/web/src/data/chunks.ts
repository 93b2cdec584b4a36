// Traces, specs, commands and what is told of drawings: loaded by the chunk when first needed. Pages from file:// cannot fetch, so
// a chunk is a script that calls vggsweepChunk(n, {...}).
import type { Chunk, Drawing } from './contract'
import type { Report } from './report'

export interface RunDetails {
  traces: Map<string, Float32Array> // by name, (steps) each; NaN where not logged
  spec: string
  command: string
  drawing: Drawing | null
}

declare global {
  interface Window {
    vggsweepChunk?: (n: number, chunk: Chunk) => void
  }
}

const arrived = new Map<number, Chunk>()
const loading = new Map<number, Promise<Chunk>>()

function load(n: number): Promise<Chunk> {
  let promise = loading.get(n)
  if (promise) return promise
  window.vggsweepChunk = (number, chunk) => arrived.set(number, chunk)
  promise = new Promise<Chunk>((resolve, reject) => {
    const script = document.createElement('script')
    const fail = () => reject(new Error(`chunks/${n}.js cannot be read: is the folder complete?`))
    script.src = `chunks/${n}.js`
    script.onload = () => {
      script.remove()
      const chunk = arrived.get(n)
      if (chunk) resolve(chunk)
      else fail()
    }
    script.onerror = fail
    document.head.append(script)
  })
  loading.set(n, promise)
  return promise
}

// The `place`-th row of a (count, steps) array. Four characters are three bytes, so a row is decoded alone.
export function decodeRow(base64: string, place: number, steps: number): Float32Array {
  const begin = 4 * place * steps
  const group = Math.floor(begin / 3)
  const text = atob(base64.slice(4 * group, 4 * Math.ceil((begin + 4 * steps) / 3)))
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  const skipped = begin - 3 * group
  return Float32Array.from({ length: steps }, (_, s) => view.getFloat32(skipped + 4 * s, true))
}

export async function loadRun(report: Report, row: number): Promise<RunDetails> {
  const { chunk: size, names, steps } = report.json.traces
  const chunk = await load(Math.floor(row / size))
  const place = row - chunk.first
  const traces = new Map<string, Float32Array>()
  for (const name of names)
    if (chunk.traces[name] !== undefined) traces.set(name, decodeRow(chunk.traces[name], place, steps.length))
  return {
    traces,
    spec: chunk.spec[place] ?? '',
    command: chunk.command[place] ?? '',
    drawing: chunk.drawing?.[place] ?? null
  }
}
