// What differs between specs: nested keys as paths, only those that are not the same everywhere.

export interface Difference {
  key: string // optimizer.lr
  values: string[] // by spec, '' where it has no such key
}

function flatten(value: unknown, path: string, into: Map<string, string>) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, path === '' ? key : `${path}.${key}`, into)
  } else {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value))
  }
}

function keysOf(spec: string): Map<string, string> {
  const keys = new Map<string, string>()
  try {
    flatten(JSON.parse(spec), '', keys)
  } catch {
    keys.set('spec', spec)
  }
  return keys
}

export function differences(specs: string[]): Difference[] {
  const all = specs.map(keysOf)
  const names = [...new Set(all.flatMap((keys) => [...keys.keys()]))].sort()
  return names
    .map((key) => ({ key, values: all.map((keys) => keys.get(key) ?? '') }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
}
