import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '../parts/Button.tsx'
import { useT } from '../words/words.tsx'
import styles from './more-acts.module.css'

/** A bar of one row is this high at most; a second row of buttons makes it higher. */
const oneRow = 76

/** Straight on the element: whether all fit can only be seen with all of them in their place. */
function foldWhereFull(place: HTMLElement | null): void {
  const bar = place?.closest('section')
  if (!place || !bar) return
  place.removeAttribute('data-folded')
  if (bar.clientHeight > oneRow) place.dataset.folded = 'true'
}

/** What is done less often: beside the other buttons of the bar where there is room, else behind "More". */
export function MoreActs({ children }: { children: ReactNode }) {
  const t = useT()
  const place = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)

  useLayoutEffect(() => foldWhereFull(place.current))
  useEffect(() => {
    const bar = place.current?.closest('section')
    if (!bar) return
    const observer = new ResizeObserver(() => foldWhereFull(place.current))
    observer.observe(bar)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (!open) return
    const close = (event: PointerEvent) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', close)
    return () => document.removeEventListener('pointerdown', close)
  }, [open])

  const close = () => {
    if (!open) return
    setOpen(false)
    button.current?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed are the buttons in it
    <div
      ref={place}
      className={styles.more}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.preventDefault()
        close()
      }}
    >
      <Button ref={button} iconAfter="down" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('table.more')}
      </Button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press on any button in it closes it
          biome-ignore lint/a11y/useKeyWithClickEvents: a button that is pressed by key is clicked too */}
      <div className={styles.acts} data-open={open || undefined} onClick={close}>
        {children}
      </div>
    </div>
  )
}
