// Traces of runs as they arrive.
import { useEffect, useState } from 'preact/hooks'

import { loadRun, type RunDetails } from '../data/chunks'
import { useReport } from '../state/store'

export interface Loaded {
  details: Map<number, RunDetails> // by row
  error: string
}

// `rows` is the same array as long as they are the same rows: a new one is loaded anew. `wanted` false: not yet
// (not on the screen).
export function useDetails(rows: readonly number[], wanted = true): Loaded {
  const report = useReport()
  const [loaded, setLoaded] = useState<Loaded>({ details: new Map(), error: '' })
  useEffect(() => {
    if (!wanted) return
    let alive = true
    Promise.all(rows.map(async (row) => [row, await loadRun(report, row)] as const)).then(
      (pairs) => alive && setLoaded({ details: new Map(pairs), error: '' }),
      (error: Error) => alive && setLoaded({ details: new Map(), error: error.message })
    )
    return () => void (alive = false)
  }, [report, rows, wanted])
  return loaded
}
