import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { T, useT, type Word } from '../../words/words.tsx'
import { importsChanged } from '../imports/import-settings.ts'
import type { CustomerAnswer } from './customer-values.ts'

type InPackage = NonNullable<CustomerAnswer['inPackage']>
type Inactive = NonNullable<InPackage['inactive']>

/** In a list: one or two words. */
export const inactiveWords = {
  deleted: 'customers.inactive.deleted',
  'not-listed': 'customers.inactive.notListed',
  'not-a-customer': 'customers.inactive.notCustomer',
  ended: 'customers.inactive.ended',
  blocked: 'customers.inactive.blocked',
} as const satisfies Record<Inactive, Word>

const remedyWords = {
  deleted: 'customers.inactive.deleted.text',
  'not-listed': 'customers.inactive.notListed.text',
  'not-a-customer': 'customers.inactive.notCustomer.text',
  ended: 'customers.inactive.ended.text',
  blocked: 'customers.inactive.blocked.text',
} as const satisfies Record<Inactive, Word>

/** What was deleted there is cut loose, so that the next posting makes it there anew. */
function CutLink({ customer, place }: { customer: CustomerAnswer; place: InPackage }) {
  const t = useT()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const cut = useAct({
    run: (_: null, key) =>
      answer(
        api.DELETE('/customers/{id}/package-link', {
          params: { path: { id: customer.id } },
          headers: { ...key, ...ifMatch(customer.version) },
        }),
      ),
    done: async () => {
      setAsking(false)
      say(t('customers.cutLink.done', { name: customer.name, package: place.packageName }))
      await importsChanged(client)
    },
  })
  const values = { name: customer.name, package: place.packageName, code: place.code ?? '–' }
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t('customers.cutLink')}
      </Button>
      <ConfirmWithPreview
        open={asking}
        onClose={() => setAsking(false)}
        title={t('customers.cutLink.title', values)}
        preview={<p>{t('customers.cutLink.text', values)}</p>}
        never={t('customers.cutLink.never', values)}
        action={t('customers.cutLink')}
        busy={cut.isPending}
        error={cut.error}
        onConfirm={() => cut.mutate(null)}
      />
    </>
  )
}

/** What the package has otherwise and a person has to say something about. */
function Proposed({ customer, place }: { customer: CustomerAnswer; place: InPackage }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { data } = useQuery({
    queryKey: ['imports', 'proposals', place.connectionId, 'of', customer.id],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/connections/{id}/proposals', {
          params: { path: { id: place.connectionId }, query: { customerId: customer.id, limit: 10 } },
          signal,
        }),
      ),
  })
  if (!data || data.rows.length === 0) return null
  return (
    <Notice is="needs" title={t('customers.proposed.title', { count: data.rows.length, package: place.packageName })}>
      <p>{t('customers.proposed.text')}</p>
      {may('connections:read') ? (
        <Actions>
          <Link to="/f/$firm/settings/imports/proposals" params={{ firm }}>
            {t('customers.proposed.open')}
          </Link>
        </Actions>
      ) : null}
    </Notice>
  )
}

/** Where a customer stands in the accounting package: which side leads, since when, and whether it can be invoiced there. */
export function PackageState({ customer }: { customer: CustomerAnswer }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const place = customer.inPackage
  if (!place) return null
  const values = { package: place.packageName, code: place.code ?? '–' }
  const { inactive } = place
  const mayCut = (inactive === 'deleted' || inactive === 'not-listed') && may('customers:write')
  const read = place.readAt ? (
    <>
      {' '}
      <span className="muted small">{t('customers.led.read', { at: format.moment(place.readAt) })}</span>
    </>
  ) : null
  return (
    <>
      {inactive ? (
        <Notice is={inactive === 'blocked' ? 'needs' : 'refused'} title={t(inactiveWords[inactive], values)}>
          <p>
            {t(remedyWords[inactive], values)}{' '}
            {place.inactiveSince ? (
              <span className="muted small">
                {t('customers.inactive.since', { at: format.moment(place.inactiveSince) })}
              </span>
            ) : null}
          </p>
          {mayCut ? (
            <Actions>
              <CutLink customer={customer} place={place} />
            </Actions>
          ) : null}
        </Notice>
      ) : null}
      <Proposed customer={customer} place={place} />
      {inactive && inactive !== 'blocked' ? null : customer.ledBy && customer.ledBy.fields.length > 0 ? (
        <Notice is="progress" icon="lock" title={t('customers.led.title', values)}>
          <p>
            <T id="customers.led.text" values={values} />
            {read}
          </p>
        </Notice>
      ) : (
        <Notice is="progress" icon="plug" title={t('customers.linked.title', values)}>
          <p>
            {t(place.leader === 'uurwerk' ? 'customers.linked.uurwerk' : 'customers.linked.unread', values)}
            {read}
          </p>
        </Notice>
      )}
    </>
  )
}
