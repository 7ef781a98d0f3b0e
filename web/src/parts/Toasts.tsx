import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { newKey } from '../new-key.ts'
import { useT } from '../words/words.tsx'
import { Button, IconButton } from './Button.tsx'
import { Icon } from './icons.tsx'
import { useKeys } from './keys.tsx'
import { useProblemWords } from './problem-words.ts'
import styles from './toasts.module.css'

interface Toast {
  readonly id: string
  readonly is: 'done' | 'refused'
  readonly text?: ReactNode
  readonly error?: unknown
  readonly undo?: () => unknown
  readonly link?: ReactNode
  /** What can be done instead. */
  readonly instead?: Instead
}

interface Instead {
  readonly label: string
  readonly run: () => unknown
}

let toasts: readonly Toast[] = []
const listeners = new Set<() => void>()
function set(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}
const add = (toast: Omit<Toast, 'id'>) => set([...toasts.slice(-3), { id: newKey(), ...toast }])
const remove = (id: string) => set(toasts.filter((toast) => toast.id !== id))

/** Said in passing; a result people have to read belongs on the page. */
export const say = (text: ReactNode, link?: ReactNode): void => add({ is: 'done', text, link })
/** A failure of something that has no place of its own on the page. */
export const sayProblem = (error: unknown): void => add({ is: 'refused', error })
/** The same, with what can be done instead. */
export const sayInstead = (error: unknown, instead: Instead): void => add({ is: 'refused', error, instead })
/** After something destructive was done: for ten seconds it can be taken back, also with Ctrl+Z. */
export const sayUndo = (text: ReactNode, undo: () => unknown): void => add({ is: 'done', text, undo })

const shownMs = 6_000
const undoMs = 10_000

function ToastLine({ toast }: { toast: Toast }) {
  const t = useT()
  const wordsOf = useProblemWords()
  const [held, setHeld] = useState(false)
  const left = useRef(toast.undo ? undoMs : shownMs)
  useEffect(() => {
    if (held || toast.is === 'refused') return
    const since = performance.now()
    const timer = setTimeout(() => remove(toast.id), left.current)
    return () => {
      clearTimeout(timer)
      left.current -= performance.now() - since
    }
  }, [held, toast])
  const undo = () => {
    remove(toast.id)
    Promise.resolve(toast.undo?.()).catch(sayProblem)
  }
  const problem = toast.is === 'refused' ? wordsOf(toast.error) : null
  return (
    // Reading takes as long as it takes: the clock stands still under the pointer and with the focus inside.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above; nothing here is activated by the pointer
    <div
      className={styles.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={problem ? styles.refused : styles.done}>
        <Icon name={problem ? 'cross' : 'checked'} />
      </span>
      <div className="grow">
        {problem ? (
          <>
            <b>{problem.cause}</b> {problem.remedy}
          </>
        ) : (
          toast.text
        )}
      </div>
      {toast.link}
      {toast.instead ? (
        <Button
          size="sm"
          onClick={() => {
            remove(toast.id)
            toast.instead?.run()
          }}
        >
          {toast.instead.label}
        </Button>
      ) : null}
      {toast.undo ? (
        <Button size="sm" icon="undo" keys="mod+Z" onClick={undo}>
          {t('parts.undo')}
        </Button>
      ) : null}
      <IconButton icon="close" name={t('parts.close')} onClick={() => remove(toast.id)} />
      {toast.undo ? (
        <span className={styles.clock} style={{ animationPlayState: held ? 'paused' : 'running' }} aria-hidden="true" />
      ) : null}
    </div>
  )
}

/** Stands once, in the frame. */
export function Toasts() {
  const t = useT()
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  const last = shown.findLast((toast) => toast.undo)
  useKeys([
    {
      keys: 'mod+Z',
      does: last ? t('parts.undo') : undefined,
      disabled: !last,
      run: () => {
        if (!last) return
        remove(last.id)
        Promise.resolve(last.undo?.()).catch(sayProblem)
      },
    },
  ])
  return (
    <section className={styles.toasts} aria-live="polite" aria-label={t('parts.messages')}>
      {shown.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </section>
  )
}
