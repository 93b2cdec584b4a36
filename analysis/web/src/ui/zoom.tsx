// Pictures that are looked at together: wheel, drag and keys in one zoom and move all of them alike.
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'

export interface Zoom {
  scale: number // 1: the whole picture
  x: number // of the picture's left upper corner, as shares of the frame
  y: number
}

const WHOLE: Zoom = { scale: 1, x: 0, y: 0 }
const MOST = 16
const PIXELS_FROM = 3 // from this scale on pixels are shown as squares
const STILL_MS = 250 // a wheel that was scrolling the page goes on doing so

interface Shared {
  zoom: Zoom
  set: (zoom: Zoom) => void
}
const ZoomContext = createContext<Shared>({ zoom: WHOLE, set: () => undefined })

// The picture always covers the frame.
function bound({ scale, x, y }: Zoom): Zoom {
  const s = Math.min(MOST, Math.max(1, scale))
  const fit = (offset: number) => Math.min(0, Math.max(1 - s, offset))
  return { scale: s, x: fit(x), y: fit(y) }
}

// Scales about a point of the frame, given in shares of it.
function scaleAbout(zoom: Zoom, factor: number, px: number, py: number): Zoom {
  const scale = Math.min(MOST, Math.max(1, zoom.scale * factor))
  const ratio = scale / zoom.scale
  return bound({ scale, x: px - (px - zoom.x) * ratio, y: py - (py - zoom.y) * ratio })
}

export function ZoomGroup({ children }: { children: ComponentChildren }) {
  const [zoom, setZoom] = useState(WHOLE)
  const shared = useMemo(() => ({ zoom, set: setZoom }), [zoom])
  return <ZoomContext.Provider value={shared}>{children}</ZoomContext.Provider>
}

export function ZoomReset() {
  const { zoom, set } = useContext(ZoomContext)
  if (zoom.scale === 1) return null
  return (
    <button type="button" class="quiet zoom-reset" onClick={() => set(WHOLE)}>
      {zoom.scale.toFixed(1)}× – whole picture
    </button>
  )
}

let scrolledAt = -Infinity
addEventListener('scroll', () => (scrolledAt = performance.now()), { capture: true, passive: true })

export interface FrameProps {
  label: string // alternative text
  children: (style: Record<string, string>) => ComponentChildren // the picture, placed by this style
}

// One frame of the group.
export function ZoomFrame({ label, children }: FrameProps) {
  const { zoom, set } = useContext(ZoomContext)
  const frame = useRef<HTMLDivElement>(null)
  const live = useRef({ zoom, set })
  live.current = { zoom, set }

  useEffect(() => {
    const element = frame.current
    if (!element) return
    // Not passive, so that the page stays where it is while a picture is zoomed.
    const wheel = (event: WheelEvent) => {
      const { zoom, set } = live.current
      const isScrolling = performance.now() - scrolledAt < STILL_MS
      if (isScrolling || (zoom.scale === 1 && event.deltaY > 0)) return
      event.preventDefault()
      const box = element.getBoundingClientRect()
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002))
      set(
        scaleAbout(
          zoom,
          factor,
          (event.clientX - box.left) / box.width,
          (event.clientY - box.top) / box.height
        )
      )
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [])

  const drag = (event: PointerEvent) => {
    const element = frame.current
    if (!element || event.button !== 0 || live.current.zoom.scale === 1) return
    const { width, height } = element.getBoundingClientRect()
    const begin = { ...live.current.zoom, px: event.clientX, py: event.clientY }
    element.setPointerCapture(event.pointerId)
    const move = (e: PointerEvent) =>
      live.current.set(
        bound({
          scale: begin.scale,
          x: begin.x + (e.clientX - begin.px) / width,
          y: begin.y + (e.clientY - begin.py) / height
        })
      )
    const end = () => {
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', end)
      element.removeEventListener('pointercancel', end)
    }
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', end)
    element.addEventListener('pointercancel', end)
  }

  const key = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [0.1, 0],
      ArrowRight: [-0.1, 0],
      ArrowUp: [0, 0.1],
      ArrowDown: [0, -0.1]
    }
    const move = moves[event.key]
    if (event.key === '+' || event.key === '=') set(scaleAbout(zoom, 1.5, 0.5, 0.5))
    else if (event.key === '-') set(scaleAbout(zoom, 1 / 1.5, 0.5, 0.5))
    else if (event.key === '0') set(WHOLE)
    else if (move && zoom.scale > 1)
      set(bound({ scale: zoom.scale, x: zoom.x + move[0], y: zoom.y + move[1] }))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const twice = (event: MouseEvent) => {
    const box = frame.current?.getBoundingClientRect()
    if (!box) return
    set(
      zoom.scale > 1
        ? WHOLE
        : scaleAbout(zoom, 3, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
    )
  }

  const style = {
    transform: `translate(${zoom.x * 100}%, ${zoom.y * 100}%) scale(${zoom.scale})`,
    imageRendering: zoom.scale >= PIXELS_FROM ? 'pixelated' : 'auto'
  }
  return (
    <div
      ref={frame}
      class={`frame ${zoom.scale > 1 ? 'zoomed' : ''}`}
      tabIndex={0}
      role="group"
      aria-label={`${label}. Zoom with + and −, move with arrows`}
      onPointerDown={drag}
      onKeyDown={key}
      onDblClick={twice}
    >
      {children(style)}
    </div>
  )
}
