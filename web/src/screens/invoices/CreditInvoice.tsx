import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { add, decimal, parseDecimal, sameAmount, zero } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { CheckField, Segments } from '../../parts/Choose.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { DecimalField } from '../../parts/fields.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type Invoice, type InvoiceLine, invoiceQuery, twoParts } from './invoice.ts'
import styles from './invoices.module.css'

const route = getRouteApi('/f/$firm/invoices/$invoiceId')

/** Lines of which something is left; one of nothing counts until it stands on a credit note. */
export const openLines = ({ lines }: Invoice): InvoiceLine[] =>
  lines.filter(
    ({ net, leftNet, leftQuantity }) =>
      Number(leftNet ?? 0) !== 0 || (Number(net) === 0 && Number(leftQuantity ?? 0) !== 0),
  )

interface Chosen {
  readonly lines?: { lineId: string; net?: string }[]
  readonly release: boolean
}

/** What of a sent invoice is taken back, and what becomes of the hours behind it; makes a draft. */
export function CreditInvoice({ invoice, onClose }: { invoice: Invoice; onClose: () => void }) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const { slug: firm } = useFirm()
  const number = invoice.number ?? ''
  const open = openLines(invoice)
  const [scope, setScope] = useState<'whole' | 'lines'>('whole')
  const [release, setRelease] = useState<'keep' | 'release'>('keep')
  /** By line: the amount as typed, only of what was ticked. */
  const [amounts, setAmounts] = useState<Readonly<Record<string, string>>>({})
  const make = useAct({
    run: (body: Chosen, key) =>
      answer(api.POST('/invoices/{id}/credit-note', { params: { path: { id: invoice.id } }, headers: key, body })),
    done: async (made) => {
      client.setQueryData(invoiceQuery(made.id).queryKey, made)
      void client.invalidateQueries({ queryKey: ['invoice', invoice.id] })
      void client.invalidateQueries({ queryKey: ['invoices'] })
      await navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: made.id } })
    },
  })
  const chosen = open.filter(({ id }) => amounts[id] !== undefined)
  const wanted = (scope === 'whole' ? open : chosen).map((line) => ({
    line,
    net: scope === 'whole' ? decimal(line.leftNet ?? '0') : parseDecimal(amounts[line.id] ?? ''),
  }))
  const total = wanted.reduce((sum, { net }) => add(sum, net ?? zero), zero)
  const isReadable = wanted.length > 0 && wanted.every(({ net }) => net !== null)
  const hasEntries = open.some(({ entryCount }) => entryCount > 0)
  const isPart = invoice.creditNotes.length > 0
  // Refused as a whole, or a line that asked for too much: then it is said there, and what was typed stays.
  const errorOf = (index: number): string | undefined =>
    isApiProblem(make.error)
      ? make.error.problem.errors?.find(({ pointer }) => pointer.startsWith(`/lines/${index}/`))?.message
      : undefined
  const isAtLines = chosen.some((_line, index) => errorOf(index) !== undefined)
  const confirm = () =>
    make.mutate({
      release: release === 'release',
      ...(scope === 'whole'
        ? {}
        : {
            lines: wanted.map(({ line, net }) => ({
              lineId: line.id,
              ...(net === null || sameAmount(net, decimal(line.leftNet ?? '0')) ? {} : { net }),
            })),
          }),
    })
  return (
    <Dialog open onClose={onClose} title={t('invoices.credit.title', { number })} size={600}>
      <div className={styles.dialog}>
        <div className={styles.how}>
          <Segments
            name={t('invoices.credit.what')}
            value={scope}
            onChange={setScope}
            options={[
              { value: 'whole', label: t(isPart ? 'invoices.credit.rest' : 'invoices.credit.whole') },
              { value: 'lines', label: t('invoices.credit.lines') },
            ]}
          />
          {scope === 'whole' ? (
            <p className="muted">{t(isPart ? 'invoices.credit.rest.text' : 'invoices.credit.whole.text')}</p>
          ) : null}
        </div>
        {scope === 'lines' ? (
          <ul className={styles.creditLines} aria-label={t('invoices.lines')}>
            {open.map((line) => {
              const { first } = twoParts(line.description)
              const typed = amounts[line.id]
              return (
                <li key={line.id}>
                  <CheckField
                    label={first || t('invoices.line.empty')}
                    description={t('invoices.credit.left', {
                      left: format.money(line.leftNet ?? '0', invoice.currency),
                    })}
                    checked={typed !== undefined}
                    onChange={(event) => {
                      const { checked } = event.currentTarget
                      make.reset()
                      setAmounts(({ [line.id]: _before, ...others }) =>
                        checked ? { ...others, [line.id]: line.leftNet ?? '0' } : others,
                      )
                    }}
                  />
                  {typed === undefined ? null : (
                    <DecimalField
                      aria-label={t('invoices.credit.amountOf', { description: first })}
                      value={typed}
                      error={errorOf(chosen.indexOf(line))}
                      onChange={(value) => {
                        make.reset()
                        setAmounts((before) => ({ ...before, [line.id]: value }))
                      }}
                    />
                  )}
                </li>
              )
            })}
          </ul>
        ) : null}
        {hasEntries ? (
          <div className={styles.how}>
            <b id="release">{t('invoices.credit.release')}</b>
            <Segments
              name={t('invoices.credit.release')}
              value={release}
              onChange={setRelease}
              options={[
                { value: 'keep', label: t('invoices.credit.keep') },
                { value: 'release', label: t('invoices.credit.free') },
              ]}
            />
            <p className="muted">
              {release === 'keep'
                ? t('invoices.credit.keep.text', { number })
                : t(scope === 'lines' ? 'invoices.credit.free.lines' : 'invoices.credit.free.text')}
            </p>
          </div>
        ) : null}
        <p aria-live="polite">{t('invoices.credit.total', { total: format.money(total, invoice.currency) })}</p>
        {make.error && !isAtLines ? <ErrorNotice error={make.error} /> : null}
        <Foot>
          <Button onClick={onClose}>{t('parts.cancel')}</Button>
          <Button kind="primary" busy={make.isPending} disabled={!isReadable} onClick={confirm}>
            {t('invoices.credit.make')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}
