import { useQueryClient } from '@tanstack/react-query'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { parseDistanceInput } from '@uurwerk/core/shared/decimal-input.ts'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useT } from '../../words/words.tsx'
import { useLockReason } from './lock-reason.ts'
import { TripFields } from './TripFields.tsx'
import { distanceWords, kindWords, type Trip, type TripKind, type TripValues, toBody, toValues } from './trip.ts'
import { tripsAgain } from './trip-queries.ts'
import { useTypingLanguage } from './use-typing-language.ts'

const paths = { distanceKm: 'distance' }

function useRules() {
  const t = useT()
  const language = useTypingLanguage()
  return {
    from: (value: string) => (value.trim() ? null : t('trips.from.missing')),
    to: (value: string) => (value.trim() ? null : t('trips.to.missing')),
    date: (value: string) => (value ? null : t('trips.date.missing')),
    distance: (value: string) => {
      const read = parseDistanceInput(value, language)
      return 'problem' in read ? t(distanceWords[read.problem]) : null
    },
  }
}

interface Whose {
  readonly memberId: string
  readonly own: boolean
  readonly close: () => void
}

const empty: TripValues = {
  date: '',
  from: '',
  to: '',
  distance: '',
  returnTrip: false,
  vehicleId: null,
  kind: 'business',
  projectId: null,
  note: '',
  billable: null,
  reimbursable: null,
  rememberDistance: false,
}

export function NewTrip({ memberId, own, close, last }: Whose & { readonly last: Trip | null }) {
  const t = useT()
  const format = useFormat()
  const language = useTypingLanguage()
  const client = useQueryClient()
  const rules = useRules()
  const form = useApiForm<TripValues>({
    // Most people drive one vehicle.
    initial: { ...empty, date: today(), vehicleId: last?.vehicleId ?? null },
    paths,
    validate: rules,
    save: async (values) => {
      const made = await answer(
        api.POST('/trips', { body: { ...toBody(values, language), ...(own ? {} : { memberId }) } }),
      )
      await tripsAgain(client)
      say(t('trips.made', { from: made.from, to: made.to, km: format.quantity(made.km, 1) }))
    },
    saved: close,
  })
  return (
    <Form form={form}>
      <TripFields form={form} trip={null} memberId={memberId} own={own} />
      <FormFoot form={form} action={t('trips.save')} onCancel={close} stays />
    </Form>
  )
}

export function EditTrip({
  trip,
  memberId,
  own,
  close,
  remove,
}: Whose & { readonly trip: Trip; readonly remove: (trip: Trip) => unknown }) {
  const t = useT()
  const format = useFormat()
  const language = useTypingLanguage()
  const client = useQueryClient()
  const rules = useRules()
  const { form, tell } = useEditForm({
    thing: trip,
    toValues: (one: Trip): TripValues => toValues(one, (km) => format.quantity(km, 1)),
    toBody: (values) => toBody(values, language),
    paths,
    validate: rules,
    labels: {
      date: t('trips.date'),
      from: t('trips.from'),
      to: t('trips.to'),
      distanceKm: t('trips.distance'),
      returnTrip: t('trips.return'),
      vehicleId: t('trips.vehicle'),
      kind: t('trips.kind'),
      projectId: t('trips.project'),
      note: t('trips.note'),
      billable: t('trips.billable'),
      reimbursable: t('trips.reimbursable'),
    },
    show: (field, value) => {
      if (field === 'date') return format.date(String(value) as CalendarDate)
      if (field === 'kind') return t(kindWords[value as TripKind])
      if (field === 'distanceKm') return `${format.quantity(String(value), 1)} km`
      if (typeof value === 'boolean') return value ? t('trips.yes') : t('trips.no')
      // Names of what was chosen elsewhere are not known here.
      if (field === 'vehicleId' || field === 'projectId') return value ? t('trips.another') : plainText(null)
      return plainText(value)
    },
    change: (body, version) =>
      answer(api.PATCH('/trips/{id}', { params: { path: { id: trip.id } }, headers: ifMatch(version), body })),
    saved: async () => {
      await tripsAgain(client)
      say(t('trips.saved'))
      close()
    },
  })
  return (
    <Form form={form} tell={tell}>
      {trip.reimbursement ? (
        <StateLine is="done">{t('trips.paidOn', { date: format.date(trip.reimbursement.paidOn) })}</StateLine>
      ) : null}
      <TripFields form={form} trip={trip} memberId={memberId} own={own} />
      <FormFoot
        form={form}
        action={t('trips.save')}
        onCancel={close}
        stays
        more={
          trip.reimbursement ? null : (
            <Button kind="quiet" icon="trash" onClick={() => remove(trip)}>
              {t('trips.delete')}
            </Button>
          )
        }
      />
    </Form>
  )
}

/** What cannot be changed is still shown, with the reason. */
export function TripFacts({ trip }: { trip: Trip }) {
  const t = useT()
  const format = useFormat()
  const lockReason = useLockReason()
  const reason = lockReason(trip)
  const yesNo = (is: boolean) => (is ? t('trips.yes') : t('trips.no'))
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {reason ? (
        <StateLine is="wait" icon="lock">
          {reason}
        </StateLine>
      ) : null}
      <Facts
        rows={[
          [t('trips.from'), trip.from],
          [t('trips.to'), trip.to],
          [
            t('trips.distance'),
            trip.returnTrip
              ? `${t('trips.return.sum', { km: format.quantity(trip.distanceKm, 1), total: format.quantity(trip.km, 1) })} km`
              : `${format.quantity(trip.km, 1)} km`,
          ],
          [t('trips.date'), format.date(trip.date, 'day')],
          [t('trips.kind'), t(kindWords[trip.kind])],
          [
            t('trips.project'),
            [trip.projectName, trip.customerName].filter(Boolean).join(', ') || t('trips.project.none'),
          ],
          [t('trips.vehicle'), trip.vehicleName ?? t('trips.vehicle.none')],
          [t('trips.note'), trip.note || plainText(null)],
          [t('trips.billable'), yesNo(trip.billable)],
          [
            t('trips.reimbursable'),
            trip.reimbursement
              ? t('trips.paidOn', { date: format.date(trip.reimbursement.paidOn) })
              : yesNo(trip.reimbursable),
          ],
          ...(trip.rate && trip.amount && trip.currency
            ? [
                [t('trips.rate'), format.quantity(trip.rate, 2)] as const,
                [t('trips.amount'), format.money(trip.amount, trip.currency)] as const,
              ]
            : []),
        ]}
      />
    </div>
  )
}
