import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api, ifMatch } from '../../api.ts'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useEditForm } from '../../parts/use-edit-form.tsx'
import { useT } from '../../words/words.tsx'
import styles from './settings.module.css'

type Texts = components['schemas']['InvoiceTexts']

const textsQuery = queryOptions({
  queryKey: ['invoice-texts'],
  queryFn: ({ signal }) => answer(api.GET('/invoice-texts', { signal })),
})

const fields = ['nlIntroduction', 'nlClosing', 'enIntroduction', 'enClosing'] as const
type Flat = Record<(typeof fields)[number], string>

function TextsForm({ texts }: { texts: Texts }) {
  const t = useT()
  const client = useQueryClient()
  const { form, tell } = useEditForm({
    thing: texts,
    toValues: ({ nl, en }: Texts): Flat => ({
      nlIntroduction: nl.introduction,
      nlClosing: nl.closing,
      enIntroduction: en.introduction,
      enClosing: en.closing,
    }),
    toBody: (values: Flat): Flat => ({ ...values }),
    paths: {
      'nl.introduction': 'nlIntroduction',
      'nl.closing': 'nlClosing',
      'en.introduction': 'enIntroduction',
      'en.closing': 'enClosing',
    },
    labels: {
      nlIntroduction: `${t('settings.texts.introduction')}, ${t('invoices.language.nl')}`,
      nlClosing: `${t('settings.texts.closing')}, ${t('invoices.language.nl')}`,
      enIntroduction: `${t('settings.texts.introduction')}, ${t('invoices.language.en')}`,
      enClosing: `${t('settings.texts.closing')}, ${t('invoices.language.en')}`,
    },
    change: ({ nlIntroduction, nlClosing, enIntroduction, enClosing }, version) =>
      answer(
        api.PATCH('/invoice-texts', {
          headers: ifMatch(version),
          body: {
            nl: {
              ...(nlIntroduction === undefined ? {} : { introduction: nlIntroduction }),
              ...(nlClosing === undefined ? {} : { closing: nlClosing }),
            },
            en: {
              ...(enIntroduction === undefined ? {} : { introduction: enIntroduction }),
              ...(enClosing === undefined ? {} : { closing: enClosing }),
            },
          },
        }),
      ),
    saved: async (after) => {
      client.setQueryData(textsQuery.queryKey, after)
      // The texts stand on the firm, whose other settings know its version.
      await client.invalidateQueries({ queryKey: ['firm'] })
      say(t('settings.texts.saved'))
    },
  })
  return (
    <Form form={form} tell={tell}>
      <LeaveGuard form={form} />
      {(['nl', 'en'] as const).map((language) => (
        <fieldset key={language} className={styles.texts}>
          <legend>{t(language === 'nl' ? 'invoices.language.nl' : 'invoices.language.en')}</legend>
          <Fields>
            <TextAreaField
              label={t('settings.texts.introduction')}
              maxRows={8}
              maxLength={2000}
              lang={language}
              {...form.field(`${language}Introduction`)}
            />
            <TextAreaField
              label={t('settings.texts.closing')}
              maxRows={8}
              maxLength={2000}
              lang={language}
              {...form.field(`${language}Closing`)}
            />
          </Fields>
        </fieldset>
      ))}
      <FormFoot form={form} action={t('settings.texts.save')} />
    </Form>
  )
}

/** What stands above and below the lines of every new draft, in the language of the customer. */
export function InvoiceTexts() {
  const t = useT()
  const query = useQuery(textsQuery)
  return (
    <section className={styles.part} aria-labelledby="texts">
      <div className={styles.partHead}>
        <div>
          <h2 id="texts">{t('settings.texts.title')}</h2>
          <p>{t('settings.texts.text')}</p>
        </div>
      </div>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton height={160} /> : null}
      {query.data ? <TextsForm texts={query.data} /> : null}
    </section>
  )
}
