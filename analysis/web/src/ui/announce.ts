// Says what happened to who cannot see it (and, in short, to who can).
import { useEffect, useState } from 'preact/hooks'

const SHOWN_MS = 2600
const listeners = new Set<(text: string) => void>()

export function announce(text: string) {
  for (const listener of listeners) listener(text)
}

export function useAnnouncement(): string {
  const [text, setText] = useState('')
  useEffect(() => {
    let timer = 0
    const listener = (next: string) => {
      clearTimeout(timer)
      setText(next)
      timer = window.setTimeout(() => setText(''), SHOWN_MS)
    }
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
  return text
}
