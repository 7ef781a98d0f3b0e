import { type UseFormInput, type UseFormReturnType, useForm } from '@mantine/form'
import { type SyntheticEvent, useCallback, useEffect, useRef, useState } from 'react'
import { isApiProblem, pathOfPointer } from '../problem.ts'

export interface ApiForm<Values> {
  readonly form: UseFormReturnType<Values>
  /** Props of a field: `<TextField {...field('name')} label={…} />`. */
  readonly field: (path: string) => FieldProps
  /** The same for a checkbox or a switch. */
  readonly check: (path: string) => CheckProps
  readonly save: (event?: SyntheticEvent<HTMLFormElement>) => void
  readonly saving: boolean
  /** A problem that belongs to no field; shown above the form. */
  readonly problem: unknown
  readonly dirty: boolean
}

export interface FieldProps {
  readonly name: string
  readonly value: never
  readonly onChange: (change: unknown) => void
  readonly onBlur: () => void
  readonly error: React.ReactNode
}
interface CheckProps extends Omit<FieldProps, 'value'> {
  readonly checked: boolean
}

/** The words for a rule that is broken before anything is sent. */
type Validate<Values> = UseFormInput<Values>['validate']

const firstOf = (paths: readonly string[], element: HTMLFormElement | null): HTMLElement | null => {
  const fields = [...(element?.elements ?? [])].filter((node): node is HTMLElement => node instanceof HTMLElement)
  const wanted = new Set(paths)
  return fields.find((node) => wanted.has(node.getAttribute('data-path') ?? node.getAttribute('name') ?? '')) ?? null
}

/** Fields that hold text without a value, such as a date that does not exist: their paths and what is wrong. */
const notUnderstood = (element: HTMLFormElement | null): [string, string][] =>
  [...(element?.elements ?? [])].flatMap((node) => {
    const message = node.getAttribute('data-not-understood')
    return message
      ? [[node.getAttribute('data-path') ?? node.getAttribute('name') ?? '', message] as [string, string]]
      : []
  })

/**
 * A form on the API: what was typed stays on every error, a problem's pointers land at their fields, the first wrong
 * field in the order of the page gets the focus, and Ctrl/⌘+Enter saves (see `Form`).
 */
export function useApiForm<Values extends Record<string, unknown>>(given: {
  readonly initial: Values
  readonly save: (values: Values) => Promise<unknown>
  readonly saved?: (values: Values) => unknown
  readonly validate?: Validate<Values>
  /** When the API names a field otherwise: pointer's path → ours. */
  readonly paths?: Readonly<Record<string, string>>
}): ApiForm<Values> {
  const form = useForm<Values>({
    mode: 'controlled',
    initialValues: given.initial,
    ...(given.validate ? { validate: given.validate } : {}),
    clearInputErrorOnChange: true,
  })
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const element = useRef<HTMLFormElement | null>(null)
  const running = useRef(false)
  const [focusAt, setFocusAt] = useState<readonly string[] | null>(null)

  // After the errors are drawn, so that the focused field already carries its message.
  useEffect(() => {
    if (!focusAt) return
    firstOf(focusAt, element.current)?.focus()
    setFocusAt(null)
  }, [focusAt])

  const save = (event?: SyntheticEvent<HTMLFormElement>) => {
    if (event) element.current = event.currentTarget
    const unclear = Object.fromEntries(notUnderstood(element.current))
    if (Object.keys(unclear).length > 0) {
      event?.preventDefault()
      const errors = { ...form.validate().errors, ...unclear }
      form.setErrors(errors)
      setFocusAt(Object.keys(errors))
      return
    }
    form.onSubmit(
      async (values) => {
        if (running.current) return
        running.current = true
        setSaving(true)
        setProblem(null)
        try {
          await given.save(values)
          form.resetDirty(values)
          await given.saved?.(values)
        } catch (error) {
          const errors = isApiProblem(error) ? (error.problem.errors ?? []) : []
          const at = errors.map(({ pointer, message }) => {
            const path = pathOfPointer(pointer)
            return [given.paths?.[path] ?? path, message] as const
          })
          const known = at.filter(([path]) => path.split('.')[0]! in form.getValues())
          form.setErrors(Object.fromEntries(known))
          // A problem none of whose fields stand here is said above the form; so is one without fields.
          setProblem(known.length === at.length && at.length > 0 ? null : error)
          setFocusAt(known.map(([path]) => path))
        } finally {
          running.current = false
          setSaving(false)
        }
      },
      (errors) => setFocusAt(Object.keys(errors)),
    )(event)
  }

  const field = useCallback(
    (path: string): FieldProps => ({ ...form.getInputProps(path), name: path }) as unknown as FieldProps,
    [form],
  )
  const check = useCallback(
    (path: string): CheckProps =>
      ({ ...form.getInputProps(path, { type: 'checkbox' }), name: path }) as unknown as CheckProps,
    [form],
  )
  const dirty = form.isDirty()
  return { form, field, check, save, saving, problem, dirty }
}
