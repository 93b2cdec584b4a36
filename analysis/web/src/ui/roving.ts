// One of many items has the focus; arrows move it (a roving tabindex). Items carry their place in
// data-place, and are made only while they are on the screen.
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

export interface Roving {
  here: number // place of the item that can be tabbed to
  at: () => number // the same, of this very moment: keys come faster than the page is drawn
  arrive: (place: number) => void // an item got the focus
  move: (place: number, top: number, height: number) => void // to an item that lies there in its scroller, px
}

export function useRoving(scroller: RefObject<HTMLElement | null>, count: number, covered = 0): Roving {
  const [current, setCurrent] = useState(0)
  const latest = useRef(0)
  const wanted = useRef(-1) // an item to focus as soon as it is made
  const last = Math.max(0, count - 1)
  const find = (place: number) => scroller.current?.querySelector<HTMLElement>(`[data-place="${place}"]`)

  const arrive = (place: number) => {
    latest.current = place
    setCurrent(place)
  }
  const take = (place: number): boolean => {
    const item = find(place)
    item?.focus({ preventScroll: true })
    return item != null
  }
  useEffect(() => {
    if (wanted.current >= 0 && take(wanted.current)) wanted.current = -1
  })
  const move = (place: number, top: number, height: number) => {
    const box = scroller.current
    if (!box) return
    if (top < box.scrollTop) box.scrollTop = top
    else if (top + height + covered > box.scrollTop + box.clientHeight)
      box.scrollTop = top + height + covered - box.clientHeight
    arrive(place)
    wanted.current = take(place) ? -1 : place
  }
  return { here: Math.min(current, last), at: () => Math.min(latest.current, last), arrive, move }
}
