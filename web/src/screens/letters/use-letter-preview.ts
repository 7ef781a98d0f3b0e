import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import type { Language, TemplateKind } from './letter.ts'

const typingMs = 350

export interface Typed {
  readonly kind: TemplateKind
  readonly language: Language
  readonly subject: string
  readonly body: string
  /** Else an example. */
  readonly invoiceId?: string
}

/**
 * The text with its placeholders filled in by the server, a moment after the typing stops. Until it answers, and when
 * it cannot, the text stands as it was typed.
 */
export function useLetterPreview(typed: Typed): {
  readonly subject: string
  readonly body: string
  readonly unknown: readonly string[]
  readonly error: unknown
} {
  const [asked] = useDebouncedValue(typed, typingMs)
  const query = useQuery({
    queryKey: ['letter-preview', asked.kind, asked.language, asked.subject, asked.body, asked.invoiceId ?? null],
    queryFn: ({ signal }) => answer(api.POST('/mail-templates/preview', { body: asked, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const shown = query.data ?? { subject: typed.subject, body: typed.body, unknown: [] }
  return { ...shown, error: query.error }
}
