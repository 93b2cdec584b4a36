// Sizes and places that the browser knows and we need: of what can scroll, and of what is on the screen.
import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

// Whether the element has come near the screen; stays true.
export function useSeen(ref: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (seen || !ref.current) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((e) => e.isIntersecting) && setSeen(true),
      { rootMargin: '200px' }
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [ref, seen])
  return seen
}

export interface Viewport {
  width: number
  height: number
  top: number // scrolled by
}

// Of an element that scrolls its content.
export function useViewport(ref: RefObject<HTMLElement | null>): Viewport {
  const [viewport, setViewport] = useState<Viewport>({ width: 0, height: 0, top: 0 })
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const update = () => {
      const next = { width: element.clientWidth, height: element.clientHeight, top: element.scrollTop }
      setViewport((now) =>
        now.width === next.width && now.height === next.height && now.top === next.top ? now : next
      )
    }
    update()
    const resized = new ResizeObserver(update)
    resized.observe(element)
    element.addEventListener('scroll', update, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', update)
    }
  }, [ref])
  return viewport
}

// First and last item of a list of equal heights that is on the screen, some more on either side.
export function visibleRange(
  viewport: Viewport,
  itemHeight: number,
  count: number,
  more = 6
): [first: number, end: number] {
  const first = Math.max(0, Math.floor(viewport.top / itemHeight) - more)
  const end = Math.min(count, Math.ceil((viewport.top + viewport.height) / itemHeight) + more)
  return [Math.min(first, count), end]
}
