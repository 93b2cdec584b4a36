// Light or dark: the system's choice until the toggle says otherwise. Kept by the browser, not in the
// address: whoever follows a link keeps their own.
import { useEffect, useState } from 'preact/hooks'

export type Theme = 'light' | 'dark'

const dark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function stored(): Theme | null {
  try {
    const value = localStorage.getItem('vggsweep-theme')
    return value === 'light' || value === 'dark' ? value : null
  } catch {
    return null // pages from file:// may have no storage
  }
}

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  return chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light'
}

function apply(theme: Theme | null) {
  if (theme) document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}

export function startTheme() {
  apply(stored())
  dark.addEventListener('change', () => apply(null))
}

export function toggleTheme() {
  const theme = currentTheme() === 'dark' ? 'light' : 'dark'
  try {
    localStorage.setItem('vggsweep-theme', theme)
  } catch {
    // then it holds until the page is left
  }
  apply(theme)
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(currentTheme)
  useEffect(() => {
    const listener = () => setTheme(currentTheme())
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
  return theme
}
