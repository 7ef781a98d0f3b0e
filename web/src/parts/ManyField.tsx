import { MultiSelect, type MultiSelectProps } from '@mantine/core'
import '@mantine/core/styles/Pill.layer.css'
import '@mantine/core/styles/PillsInput.layer.css'
import { useT } from '../words/words.tsx'

/** Some of a list, chosen by typing; each stands in the field and can be taken out. */
export function ManyField(props: MultiSelectProps) {
  const t = useT()
  return (
    <MultiSelect
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('parts.picker.clear') }}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...props}
    />
  )
}
