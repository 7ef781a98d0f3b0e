import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import type { FieldProps } from '../../parts/use-api-form.ts'

/** A place as people write it, with those of before to choose from; what stands there already is not offered. */
export function PlaceField({
  memberId,
  projectId,
  own,
  ...props
}: Omit<AutocompleteProps, 'value' | 'onChange'> &
  FieldProps & { readonly memberId: string; readonly projectId: string | null; readonly own: boolean }) {
  const text = String(props.value ?? '')
  const [search] = useDebouncedValue(text.trim(), 150)
  const found = useQuery({
    queryKey: ['trips', 'places', memberId, projectId, search],
    queryFn: async ({ signal }) => {
      const query = {
        ...(search ? { search } : {}),
        ...(projectId ? { projectId } : {}),
        ...(own ? {} : { memberId }),
      }
      return (await answer(api.GET('/trips/places', { params: { query }, signal }))).rows
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const places = (found.data ?? []).map(({ place }) => place).filter((place) => place !== text.trim())
  return (
    <Autocomplete
      autoComplete="off"
      maxLength={100}
      data={places}
      // The server searched.
      filter={({ options }) => options}
      // In the sheet of a phone: a list outside it would make the page wider than the screen before it is placed.
      comboboxProps={{ withinPortal: false, position: 'bottom-start' }}
      maxDropdownHeight={200}
      {...props}
    />
  )
}
