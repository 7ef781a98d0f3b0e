import { type ReactNode, useEffect, useRef, useState } from 'react'
import { isApiProblem } from '../problem.ts'
import { T, useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { ErrorNotice } from './Empty.tsx'
import styles from './form.module.css'
import { Actions, Notice } from './Notice.tsx'
import { type ApiForm, useApiForm } from './use-api-form.ts'

interface Versioned {
  readonly version: number
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const keysOf = <T extends object>(thing: T) => Object.keys(thing) as Array<keyof T & string>
const differing = <T extends object>(a: T, b: T) => keysOf(b).filter((key) => !same(a[key], b[key]))

/**
 * A form on something that exists. It sends the fields that were changed and no others; when somebody else was
 * earlier it shows both versions, keeps what was typed, and lets the person decide.
 */
export function useEditForm<Thing extends Versioned, Values extends Record<string, unknown>, Body extends object>({
  thing,
  toValues,
  toBody,
  always = [],
  change,
  saved,
  validate,
  paths,
  labels,
  show,
}: {
  readonly thing: Thing
  readonly toValues: (thing: Thing) => Values
  readonly toBody: (values: Values) => Body
  /** Sent whether changed or not: what saving confirms. */
  readonly always?: ReadonlyArray<keyof Body & string>
  readonly change: (body: Partial<Body>, version: number) => Promise<Thing>
  readonly saved?: (thing: Thing) => unknown
  readonly validate?: Parameters<typeof useApiForm<Values>>[0]['validate']
  readonly paths?: Readonly<Record<string, string>>
  /** What a field is called, for the two versions beside each other. */
  readonly labels: Readonly<Partial<Record<keyof Body & string, string>>>
  readonly show?: (field: keyof Body & string, value: unknown) => ReactNode
}): { readonly form: ApiForm<Values>; readonly tell: (problem: unknown) => ReactNode } {
  const base = useRef(thing)
  const [settled, setSettled] = useState<unknown>(null)
  const answered = useRef(thing)
  const form = useApiForm<Values>({
    initial: toValues(thing),
    ...(paths ? { paths } : {}),
    ...(validate ? { validate } : {}),
    save: async (values) => {
      const before = toBody(toValues(base.current))
      const after = toBody(values)
      const sent = keysOf(after).filter((key) => always.includes(key) || !same(before[key], after[key]))
      const body = Object.fromEntries(sent.map((key) => [key, after[key]])) as Partial<Body>
      answered.current = sent.length > 0 ? await change(body, base.current.version) : base.current
      base.current = answered.current
    },
    saved: () => {
      form.form.setValues(toValues(answered.current))
      form.form.resetDirty(toValues(answered.current))
      return saved?.(answered.current)
    },
  })

  // Somebody else's change is taken over while nothing was typed; after that it is a matter for `tell`.
  useEffect(() => {
    if (thing.version <= base.current.version || form.dirty) return
    base.current = thing
    form.form.setValues(toValues(thing))
    form.form.resetDirty(toValues(thing))
  }, [thing, form, toValues])

  const takeTheirs = (current: Thing, keepMine: boolean) => {
    const theirs = toValues(current)
    const mine = form.form.getValues()
    const typed = differing(toValues(base.current), mine)
    base.current = current
    form.form.setValues(keepMine ? { ...theirs, ...Object.fromEntries(typed.map((key) => [key, mine[key]])) } : theirs)
    form.form.resetDirty(theirs)
    setSettled(form.problem)
    if (keepMine) form.save()
  }

  const tell = (problem: unknown): ReactNode => {
    if (problem === settled) return null
    const current = isApiProblem(problem) && problem.problem.code === 'stale' ? problem.problem.current : null
    if (!current) return <ErrorNotice error={problem} />
    const before = toBody(toValues(base.current))
    const theirs = toBody(toValues(current as Thing))
    const mine = toBody(form.form.getValues())
    return (
      <StaleEdit
        rows={differing(before, theirs).map((field) => ({
          label: labels[field] ?? field,
          theirs: show?.(field, theirs[field]) ?? plainText(theirs[field]),
          yours: same(before[field], mine[field]) ? null : (show?.(field, mine[field]) ?? plainText(mine[field])),
        }))}
        onMine={() => takeTheirs(current as Thing, true)}
        onTheirs={() => takeTheirs(current as Thing, false)}
        busy={form.saving}
      />
    )
  }
  return { form, tell }
}

/** Addresses and other small things on one line. */
export const plainText = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? '–'
    : Array.isArray(value)
      ? String(value.length)
      : typeof value === 'object'
        ? Object.values(value).filter(Boolean).join(', ') || '–'
        : String(value)

function StaleEdit({
  rows,
  onMine,
  onTheirs,
  busy,
}: {
  rows: ReadonlyArray<{ label: string; theirs: ReactNode; yours: ReactNode | null }>
  onMine: () => void
  onTheirs: () => void
  busy: boolean
}) {
  const t = useT()
  return (
    <Notice is="needs" title={t('parts.stale.title')} urgent>
      <p>
        <T id="parts.stale.text" />
      </p>
      {rows.length > 0 ? (
        <table className={styles.versions}>
          <thead>
            <tr>
              <th scope="col">{t('parts.stale.field')}</th>
              <th scope="col">{t('parts.stale.theirs')}</th>
              <th scope="col">{t('parts.stale.yours')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.label}>
                <th scope="row">{row.label}</th>
                <td>{row.theirs}</td>
                <td>{row.yours ?? <span className="muted">{t('parts.stale.untouched')}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <Actions>
        <Button size="sm" kind="primary" onClick={onMine} busy={busy}>
          {t('parts.stale.mine')}
        </Button>
        <Button size="sm" onClick={onTheirs}>
          {t('parts.stale.take')}
        </Button>
      </Actions>
    </Notice>
  )
}
