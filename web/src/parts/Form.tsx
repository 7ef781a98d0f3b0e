import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useEffect, useRef } from 'react'
import { useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { ErrorNotice } from './Empty.tsx'
import styles from './form.module.css'
import type { ApiForm } from './use-api-form.ts'

/** Fields and a foot around an `ApiForm`; Ctrl/⌘+Enter saves from anywhere in it. */
export function Form<Values>({
  form,
  tell = (problem) => <ErrorNotice error={problem} />,
  children,
  className,
}: {
  form: ApiForm<Values>
  /** How a problem that belongs to no field is told. */
  tell?: (problem: unknown) => ReactNode
  children: ReactNode
  className?: string
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    event.currentTarget.requestSubmit()
  }
  // A form in a dialog of a form is its own: React would pass its event on to the one around it.
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.stopPropagation()
    form.save(event)
  }
  const element = useRef<HTMLFormElement>(null)
  // In a dialog that opened before its form was loaded, the first field gets the focus all the same.
  useEffect(() => {
    const dialog = element.current?.closest('[role="dialog"]')
    if (!dialog || element.current?.contains(document.activeElement)) return
    element.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [])
  const told = useRef<HTMLDivElement>(null)
  // A long form is saved from far below where the problem is told.
  useEffect(() => {
    if (form.problem) told.current?.scrollIntoView({ block: 'nearest' })
  }, [form.problem])
  // What was typed is not thrown away by closing the page.
  useEffect(() => {
    if (!form.dirty || form.saving) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [form.dirty, form.saving])
  return (
    <form
      ref={element}
      noValidate
      onSubmit={submit}
      onKeyDown={onKeyDown}
      className={`${styles.form} ${className ?? ''}`}
    >
      {form.problem ? (
        <div ref={told} className={styles.told}>
          {tell(form.problem)}
        </div>
      ) : null}
      {children}
    </form>
  )
}

/** Fields beside each other where there is room for them. */
export const Fields = ({ columns = 2, children }: { columns?: 1 | 2 | 3; children: ReactNode }) => (
  <div className={`${styles.fields} ${styles[`of${columns}`]}`}>{children}</div>
)

/** A part of a form under its own head. */
export const FormPart = ({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) => (
  <section className={styles.part}>
    <div>
      <h2>{title}</h2>
      {text ? <p>{text}</p> : null}
    </div>
    {children}
  </section>
)

/** The one primary button and the way out. */
export function FormFoot<Values>({
  form,
  action,
  onCancel,
  more,
  stays,
}: {
  form: ApiForm<Values>
  action: string
  onCancel?: () => void
  more?: ReactNode
  /** In sight at the foot of what scrolls, for long forms. */
  stays?: boolean
}) {
  const t = useT()
  return (
    <div className={stays ? `${styles.foot} ${styles.stays}` : styles.foot} data-stays={stays || undefined}>
      {more}
      <span className="grow" />
      {onCancel ? (
        <Button kind="quiet" onClick={onCancel}>
          {t('parts.cancel')}
        </Button>
      ) : null}
      <Button kind="primary" type="submit" keys="mod+Enter" busy={form.saving}>
        {action}
      </Button>
    </div>
  )
}
