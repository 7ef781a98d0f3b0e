import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { TextField } from '../../parts/fields.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { useMay } from '../../session.ts'
import { connectionQuery } from '../apps/connection.ts'
import { searchDimensions } from '../apps/theirs.ts'
import { useSalesPackage } from '../postings/sales-package.ts'

/** A cost centre or unit: chosen from the package's own where one is connected that has them, else a code that is typed. */
export function DimensionField({
  part,
  label,
  description,
  value,
  error,
  onChange,
  ...rest
}: {
  part: 'costCentre' | 'costUnit'
  label: string
  description: string
  value?: string
  error?: ReactNode
  onChange?: (value: string) => void
}) {
  const may = useMay()
  const connection = useSalesPackage()?.connection
  const { data } = useQuery({
    ...connectionQuery(connection?.id ?? ''),
    enabled: Boolean(connection) && may('connections:read'),
  })
  const has = data?.lists.some(({ noun, count }) => noun === 'dimensions' && count > 0) ?? false
  const shown = { label, description, error, inputWrapperOrder: ['label', 'input', 'description', 'error'] as const }
  if (!has || !connection)
    return (
      <TextField
        {...rest}
        {...shown}
        inputWrapperOrder={[...shown.inputWrapperOrder]}
        value={value}
        onChange={(event) => onChange?.(event.currentTarget.value)}
      />
    )
  return (
    <Picker
      {...rest}
      {...shown}
      inputWrapperOrder={[...shown.inputWrapperOrder]}
      searchKey={`${connection.id} ${part}`}
      search={searchDimensions(connection.id, part)}
      chosen={value ? { value, label: value } : null}
      value={value || null}
      clearable
      onChange={(next) => onChange?.(next ?? '')}
    />
  )
}
