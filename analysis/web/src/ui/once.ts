// Something to do once, after the first drawing that it is ready for.
import { useEffect, useRef } from 'preact/hooks'

export function useOnce(isReady: boolean, act: () => void) {
  const isDone = useRef(false)
  useEffect(() => {
    if (!isReady || isDone.current) return
    isDone.current = true
    act()
  })
}
