import { useQueryClient } from '@tanstack/react-query'
import { type VatCase, vatCases } from '@uurwerk/core/invoicing/vat-cases.ts'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { vatCaseWords } from './customer-values.ts'

/** A VAT case that was derived and nobody confirmed, as a problem names it: confirmed as it stands with one click. */
export function ConfirmVatCase({
  values,
  confirmed,
}: {
  values: Readonly<Record<string, string>>
  confirmed: () => unknown
}) {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { customerId: id = '', customer = '' } = values
  const vatCase = vatCases.find((one) => one === values.vatCase)
  const confirm = useAct({
    run: (asIs: VatCase, key) =>
      answer(
        api.POST('/vat-cases/confirmation', {
          headers: key,
          body: { customers: [{ id, version: Number(values.version), vatCase: asIs }] },
        }),
      ),
    done: async ({ done }) => {
      if (done > 0) say(t('customers.vatCase.confirmed', { customer }))
      await client.invalidateQueries({ queryKey: ['customers'] })
      await confirmed()
    },
    failed: sayProblem,
  })
  if (!vatCase || !may('customers:write')) return null
  return (
    <>
      <Button size="sm" icon="check" busy={confirm.isPending} onClick={() => confirm.mutate(vatCase)}>
        {t('customers.vatCase.confirm', { vatCase: t(vatCaseWords[vatCase]) })}
      </Button>
      {confirm.data?.leftOut.map(({ id: one, problem }) => (
        <p key={one} role="alert">
          {problem.cause} {problem.remedy}
        </p>
      ))}
    </>
  )
}
