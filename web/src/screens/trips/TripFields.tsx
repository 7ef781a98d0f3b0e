import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { decimal, sameAmount } from '@uurwerk/core/shared/money.ts'
import { useEffect, useRef } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { CheckField, Segments } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { SelectField, TextAreaField, TextField } from '../../parts/fields.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { StateLine } from '../../parts/State.tsx'
import type { ApiForm } from '../../parts/use-api-form.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { useAllowed } from '../time/allowed.ts'
import { PlaceField } from './PlaceField.tsx'
import { drivenKm, kindWords, type Trip, type TripValues, tripKinds, typedKm, whoPays } from './trip.ts'
import { useVehicles } from './trip-queries.ts'
import styles from './trips.module.css'
import { useTypingLanguage } from './use-typing-language.ts'

/** Where from, where to, how far, in what, for whom, and who pays. */
export function TripFields({
  form,
  trip,
  memberId,
  own,
}: {
  form: ApiForm<TripValues>
  /** Null for a new one. */
  trip: Trip | null
  memberId: string
  own: boolean
}) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const language = useTypingLanguage()
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const values = form.form.getValues()
  const vehicles = useVehicles(memberId)
  const allowed = useAllowed(memberId, values.projectId)
  const customer = allowed.project?.customerName ?? null
  const km = typedKm(values.distance, language)
  const found = useProposal(form, { memberId, own, isNew: trip === null })
  const pays = whoPays(
    values,
    allowed.project,
    vehicles.find(({ id }) => id === values.vehicleId),
  )
  const driven = [
    ...vehicles.map(({ id, name, plate }) => ({ value: id, label: plate ? `${name} (${plate})` : name })),
    // Archived since, or somebody else's by now.
    ...(trip?.vehicleId && !vehicles.some(({ id }) => id === trip.vehicleId)
      ? [{ value: trip.vehicleId, label: trip.vehicleName ?? '' }]
      : []),
  ]
  const places = { memberId, own, projectId: values.projectId }
  const stored = found?.source === 'customer' ? found.distanceKm : null
  const differs = km !== null && (stored === null || !sameAmount(decimal(stored), km))
  const mayKeep = customer !== null && differs && (stored === null || may('customers:write'))
  return (
    <>
      <div className={styles.places}>
        <PlaceField
          label={t('trips.from')}
          {...places}
          {...form.field('from')}
          // On a phone the keyboard would cover the form before anything is seen of it.
          data-autofocus={(trip === null && !onPhone) || undefined}
        />
        <PlaceField label={t('trips.to')} {...places} {...form.field('to')} />
      </div>
      <div className={styles.distance}>
        <TextField
          label={t('trips.distance')}
          inputMode="decimal"
          rightSection={<span className="muted">km</span>}
          classNames={{ input: 'figures' }}
          description={
            found === null || km === null || !sameAmount(decimal(found.distanceKm), km)
              ? t('trips.distance.oneWay')
              : found.source === 'customer'
                ? t('trips.distance.stored', { customer: customer ?? '' })
                : t('trips.distance.before')
          }
          {...form.field('distance')}
        />
        <div className={styles.return}>
          <CheckField label={t('trips.return')} {...form.check('returnTrip')} />
          {values.returnTrip && km ? (
            <p className="fig" aria-live="polite">
              {t('trips.return.sum', { km: format.quantity(km, 1), total: format.quantity(drivenKm(km, true), 1) })}
            </p>
          ) : null}
        </div>
      </div>
      {mayKeep ? (
        <CheckField
          label={
            stored === null
              ? t('trips.remember', { customer })
              : t('trips.remember.change', { customer, km: format.quantity(stored, 1) })
          }
          {...form.check('rememberDistance')}
        />
      ) : null}
      <div className={styles.kind}>
        <span aria-hidden="true">{t('trips.kind')}</span>
        <Segments
          name={t('trips.kind')}
          value={values.kind}
          options={tripKinds.map((kind) => ({ value: kind, label: t(kindWords[kind]) }))}
          onChange={(kind) => form.form.setFieldValue('kind', kind)}
        />
      </div>
      <Picker
        label={t('trips.project')}
        placeholder={t('trips.project.none')}
        clearable
        searchKey={`time-projects-${memberId}`}
        search={allowed.searchProjects}
        chosen={
          allowed.project
            ? {
                value: allowed.project.id,
                label: allowed.project.name,
                ...(customer ? { hint: customer } : {}),
              }
            : trip?.projectId && trip.projectName
              ? { value: trip.projectId, label: trip.projectName }
              : null
        }
        {...form.field('projectId')}
      />
      <div className={styles.pair}>
        <DateField label={t('trips.date')} {...form.field('date')} />
        <SelectField
          label={t('trips.vehicle')}
          placeholder={t('trips.vehicle.none')}
          data={driven}
          clearable
          clearButtonProps={{ 'aria-label': t('parts.picker.clear') }}
          {...form.field('vehicleId')}
        />
      </div>
      <TextAreaField label={t('trips.note')} minRows={2} maxLength={1000} {...form.field('note')} />
      <CheckField
        label={t('trips.billable')}
        description={
          pays.mayBill
            ? t('trips.billable.text', { customer: customer ?? '' })
            : values.kind === 'private'
              ? t('trips.billable.private')
              : values.projectId
                ? t('trips.billable.notInvoiced')
                : t('trips.billable.noProject')
        }
        disabled={!pays.mayBill}
        {...form.check('billable')}
        checked={pays.billable}
      />
      <CheckField
        label={t('trips.reimbursable')}
        description={pays.mayReimburse ? t('trips.reimbursable.text') : t('trips.reimbursable.private')}
        disabled={!pays.mayReimburse}
        {...form.check('reimbursable')}
        checked={pays.reimbursable}
      />
      {trip?.rejectedReason ? (
        <StateLine is="refused">{t('trips.rejected', { reason: trip.rejectedReason })}</StateLine>
      ) : null}
    </>
  )
}

/**
 * What is known of the distance between the two places. It fills the field while a person has not typed another
 * distance himself; of a trip that exists it is only told.
 */
function useProposal(
  { form }: ApiForm<TripValues>,
  { memberId, own, isNew }: { memberId: string; own: boolean; isNew: boolean },
) {
  const format = useFormat()
  const { from, to, projectId, distance } = form.getValues()
  const [places] = useDebouncedValue(`${from.trim()}\n${to.trim()}`, 300)
  const [one = '', other = ''] = places.split('\n')
  const { data } = useQuery({
    queryKey: ['trips', 'distance', memberId, projectId, one, other],
    queryFn: async ({ signal }) => {
      const query = { from: one, to: other, ...(projectId ? { projectId } : {}), ...(own ? {} : { memberId }) }
      return (await answer(api.GET('/trips/distance', { params: { query }, signal }))).found
    },
    enabled: one !== '' && other !== '',
    staleTime: 60_000,
  })
  const filled = useRef('')
  const proposed = data ? format.quantity(data.distanceKm, 1) : null
  useEffect(() => {
    if (!isNew || proposed === null || proposed === distance) return
    if (distance !== '' && distance !== filled.current) return
    filled.current = proposed
    form.setFieldValue('distance', proposed)
  }, [isNew, proposed, distance, form])
  return data ?? null
}
