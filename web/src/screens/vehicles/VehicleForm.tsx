import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { ArchiveButton } from '../../parts/ArchiveButton.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { say } from '../../parts/Toasts.tsx'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { peopleQuery } from '../time/people.ts'
import type { Vehicle } from '../trips/trip.ts'

interface Values extends Record<string, unknown> {
  readonly name: string
  readonly plate: string
  readonly memberId: string | null
}

const toValues = (vehicle: Pick<Vehicle, 'name' | 'plate' | 'memberId'>): Values => ({
  name: vehicle.name,
  plate: vehicle.plate ?? '',
  memberId: vehicle.memberId,
})
const toBody = ({ name, plate, memberId }: Values) => ({
  name: name.trim(),
  plate: plate.trim().toUpperCase() || null,
  memberId,
})

function useRules() {
  const t = useT()
  return { name: (value: string) => (value.trim() ? null : t('vehicles.name.missing')) }
}

function usePeople() {
  const may = useMay()
  const people = useQuery({ ...peopleQuery, enabled: may('people:read') })
  return (people.data?.rows ?? [])
    .filter(({ state }) => state !== 'archived')
    .map(({ id, name }) => ({ value: id, label: name }))
}

function VehicleFields({ form, vehicle }: { form: ApiForm<Values>; vehicle: Vehicle | null }) {
  const t = useT()
  const people = usePeople()
  return (
    <>
      <Fields>
        <TextField label={t('vehicles.name')} withAsterisk maxLength={60} data-autofocus {...form.field('name')} />
        <TextField label={t('vehicles.plate')} maxLength={15} placeholder="AB-123-C" {...form.field('plate')} />
      </Fields>
      <Picker
        label={t('vehicles.whose')}
        description={t('vehicles.whose.text')}
        placeholder={t('vehicles.ofFirm')}
        clearable
        options={
          vehicle?.memberId && !people.some(({ value }) => value === vehicle.memberId)
            ? [...people, { value: vehicle.memberId, label: vehicle.memberName ?? '' }]
            : people
        }
        {...form.field('memberId')}
      />
    </>
  )
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['vehicles'] }),
      client.invalidateQueries({ queryKey: ['trips'] }),
    ])
}

export function NewVehicle({ close }: { close: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const rules = useRules()
  const form = useApiForm<Values>({
    initial: toValues({ name: '', plate: null, memberId: null }),
    validate: rules,
    save: async (values) => {
      const made = await answer(api.POST('/vehicles', { body: toBody(values) }))
      await lookAgain()
      say(t('vehicles.made', { name: made.name }))
    },
    saved: close,
  })
  return (
    <Form form={form}>
      <VehicleFields form={form} vehicle={null} />
      <FormFoot form={form} action={t('vehicles.save')} onCancel={close} />
    </Form>
  )
}

export function EditVehicle({ vehicle, close }: { vehicle: Vehicle; close: () => void }) {
  const t = useT()
  const lookAgain = useLookAgain()
  const rules = useRules()
  const people = usePeople()
  const change = (body: Partial<ReturnType<typeof toBody>> & { archived?: boolean }, version: number) =>
    answer(api.PATCH('/vehicles/{id}', { params: { path: { id: vehicle.id } }, headers: ifMatch(version), body }))
  const { form, tell } = useEditForm({
    thing: vehicle,
    toValues,
    toBody,
    validate: rules,
    labels: { name: t('vehicles.name'), plate: t('vehicles.plate'), memberId: t('vehicles.whose') },
    show: (field, value) =>
      field === 'memberId'
        ? (people.find((one) => one.value === value)?.label ?? t('vehicles.ofFirm'))
        : plainText(value),
    change,
    saved: async (after) => {
      await lookAgain()
      say(t('vehicles.saved', { name: after.name }))
      close()
    },
  })
  return (
    <Form form={form} tell={tell}>
      <VehicleFields form={form} vehicle={vehicle} />
      <FormFoot
        form={form}
        action={t('vehicles.save')}
        onCancel={close}
        more={<ArchiveButton thing={vehicle} change={change} changed={lookAgain} close={close} />}
      />
    </Form>
  )
}
