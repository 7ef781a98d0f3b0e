import { Checkbox } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { answer, api } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { sayUndo } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { expensesAgain } from '../expenses/expense-queries.ts'
import { ReceiptsShown } from '../expenses/Receipts.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import styles from './reimbursements.module.css'
import { chosenOf, linesOf, type Open, type OpenLine } from './selected.ts'

/** What one employee still gets: every line, which of them are paid now, and the button that says so. */
export function PersonOpen({ open, until }: { open: Open; until: string | undefined }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const id = useId()
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const [paying, setPaying] = useState(false)
  const [receipts, setReceipts] = useState<OpenLine | null>(null)
  const lines = linesOf(open)
  const chosen = chosenOf(lines, leftOut)
  const payable = lines.filter(({ amount }) => amount !== null)
  const mayPay = may('reimbursements:write')
  const flip = (line: string) => {
    const next = new Set(leftOut)
    if (!next.delete(line)) next.add(line)
    setLeftOut(next)
  }
  return (
    <section className={styles.person} aria-labelledby={id}>
      <header>
        <h2 id={id}>{open.memberName}</h2>
        <b className="fig">{format.money(open.amount, open.currency)}</b>
        <span className="muted small">
          {t('reimbursements.parts', {
            expenses: format.money(open.expensesAmount, open.currency),
            trips: format.money(open.tripsAmount, open.currency),
          })}
        </span>
        <span className="grow" />
        <ExportMenu size="sm" query={{ memberId: open.memberId, until }} />
      </header>
      {open.withoutRate > 0 ? <NoRate count={open.withoutRate} /> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
      <section className={styles.wide} tabIndex={0} aria-label={t('reimbursements.lines')}>
        <table className={styles.lines}>
          <thead>
            <tr>
              {mayPay ? (
                <th scope="col" className={styles.box}>
                  <Checkbox
                    aria-label={t('reimbursements.choose.all', { name: open.memberName })}
                    checked={payable.length > 0 && chosen.count === payable.length}
                    indeterminate={chosen.count > 0 && chosen.count < payable.length}
                    disabled={payable.length === 0}
                    onChange={() =>
                      setLeftOut(chosen.count === payable.length ? new Set(payable.map((line) => line.id)) : new Set())
                    }
                  />
                </th>
              ) : null}
              <th scope="col">{t('reimbursements.date')}</th>
              <th scope="col">{t('reimbursements.what')}</th>
              <th scope="col" className={styles.extra}>
                {t('reimbursements.project')}
              </th>
              <th scope="col">{t('reimbursements.receipt')}</th>
              <th scope="col" className={styles.end}>
                {t('reimbursements.amount')} <span className="faint">{currencySign(open.currency)}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.id} className={leftOut.has(line.id) ? styles.out : undefined}>
                {mayPay ? (
                  <td className={styles.box}>
                    <Checkbox
                      aria-label={t('reimbursements.choose', { what: line.description })}
                      checked={line.amount !== null && !leftOut.has(line.id)}
                      disabled={line.amount === null}
                      onChange={() => flip(line.id)}
                    />
                  </td>
                ) : null}
                <td className="fig">{format.date(line.date, 'short')}</td>
                <td>
                  <span className={styles.what}>
                    <Icon name={line.kind === 'trip' ? 'trip' : 'expense'} size={14} />
                    <span>
                      {line.description}
                      {line.km ? (
                        <span className="muted">
                          {' '}
                          {line.rate
                            ? t('reimbursements.kmAt', {
                                km: format.quantity(line.km, 1),
                                rate: format.quantity(line.rate, 2),
                              })
                            : t('reimbursements.km', { km: format.quantity(line.km, 1) })}
                        </span>
                      ) : null}
                    </span>
                  </span>
                </td>
                <td className={styles.extra}>{line.projectName ?? <span className="faint">–</span>}</td>
                <td>
                  {line.files.length > 0 ? (
                    <Button size="sm" kind="link" onClick={() => setReceipts(line)}>
                      {t('reimbursements.receipts', { count: line.files.length })}
                    </Button>
                  ) : (
                    <span className="faint">–</span>
                  )}
                </td>
                <td className={`${styles.end} fig`}>
                  {line.amount === null ? <span className="faint">–</span> : format.amount(line.amount)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {mayPay ? (
        <footer>
          <span className="muted small">{t('reimbursements.chosen', { count: chosen.count, all: lines.length })}</span>
          <span className="grow" />
          <Button kind="primary" icon="check" disabled={chosen.count === 0} onClick={() => setPaying(true)}>
            {t('reimbursements.pay', { amount: format.money(chosen.amount, open.currency) })}
          </Button>
        </footer>
      ) : null}
      <Dialog
        open={paying}
        onClose={() => setPaying(false)}
        title={t('reimbursements.pay.title', { name: open.memberName })}
      >
        {paying ? (
          <Pay open={open} chosen={chosen} close={() => setPaying(false)} paid={() => setLeftOut(new Set())} />
        ) : null}
      </Dialog>
      <Dialog open={receipts !== null} onClose={() => setReceipts(null)} title={receipts?.description ?? ''}>
        <ReceiptsShown files={receipts?.files ?? []} />
      </Dialog>
    </section>
  )
}

/** A rate is never guessed: who sets it is shown the way. */
function NoRate({ count }: { count: number }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  return (
    <StateLine is="needs">
      {t('reimbursements.noRate', { count })}{' '}
      {may('rates:write') ? (
        <Link to="/f/$firm/settings/km-rates" params={{ firm }}>
          {t('reimbursements.noRate.link')}
        </Link>
      ) : null}
    </StateLine>
  )
}

function Pay({
  open,
  chosen,
  close,
  paid,
}: {
  open: Open
  chosen: ReturnType<typeof chosenOf>
  close: () => void
  paid: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const again = () => Promise.all([expensesAgain(client), client.invalidateQueries({ queryKey: ['trips'] })])
  const form = useApiForm({
    initial: { paidOn: today() as string, note: '' },
    validate: { paidOn: (value: string) => (value ? null : t('reimbursements.paidOn.missing')) },
    save: async ({ paidOn, note }) => {
      const { expenseIds, tripIds, amount } = chosen
      const body = { memberId: open.memberId, paidOn, note: note.trim(), expenseIds, tripIds, amount }
      const made = await answer(api.POST('/reimbursements', { body }))
      await again()
      paid()
      const said = { name: made.memberName, amount: format.money(made.amount, made.currency) }
      sayUndo(t('reimbursements.made', said), async () => {
        await answer(api.DELETE('/reimbursements/{id}', { params: { path: { id: made.id } } }))
        await again()
      })
    },
    saved: close,
  })
  return (
    <Form form={form}>
      <Facts
        rows={[
          [t('reimbursements.amount'), <b key="amount">{format.money(chosen.amount, open.currency)}</b>],
          [t('reimbursements.lines'), t('reimbursements.chosen', { count: chosen.count, all: linesOf(open).length })],
        ]}
      />
      <p className="muted small">{t('reimbursements.pay.text')}</p>
      <Fields columns={1}>
        <DateField label={t('reimbursements.paidOn')} withAsterisk {...form.field('paidOn')} />
        <TextField label={t('reimbursements.note')} maxLength={500} data-autofocus {...form.field('note')} />
      </Fields>
      <FormFoot form={form} action={t('reimbursements.pay.do')} onCancel={close} />
    </Form>
  )
}
