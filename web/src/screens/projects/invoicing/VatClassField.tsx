import { SelectField } from '../../../parts/fields.tsx'
import type { ApiForm } from '../../../parts/use-api-form.ts'
import { useT } from '../../../words/words.tsx'
import { useVatClassOptions } from '../../activities/vat-classes.ts'

/** The VAT class of an agreed amount, and which item it takes in the books. */
export function VatClassField({
  form,
  ofActivity,
  itemText,
}: {
  form: Pick<ApiForm<{ vatClass: string }>, 'field'>
  /** Whether an activity stands behind it, whose class it has then. */
  ofActivity: boolean
  itemText: string
}) {
  const t = useT()
  const classes = useVatClassOptions()
  return (
    <>
      <SelectField
        label={t('invoicing.vatClass')}
        data={[
          { value: '', label: t(ofActivity ? 'invoicing.vatClass.ofActivity' : 'invoicing.vatClass.ofFirm') },
          ...classes,
        ]}
        {...form.field('vatClass')}
      />
      <p className="small muted">{itemText}</p>
    </>
  )
}
