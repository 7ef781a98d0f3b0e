import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import type { Right } from '@uurwerk/api/rights.ts'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Fill, Page, PageHead } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { ConfirmWithPreview, Dialog, Foot } from '../../parts/Dialog.tsx'
import { EmptyState, NoRights } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Facts, Notice } from '../../parts/Notice.tsx'
import { State, StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { allRows } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import styles from './keys.module.css'
import { scopeGroups, scopeWords } from './scopes.ts'

type KeyRow = paths['/keys']['get']['responses'][200]['content']['application/json']['rows'][number]

const dayMs = 24 * 60 * 60 * 1000
const expiryDays = { never: null, quarter: 90, year: 365 } as const
type Expiry = keyof typeof expiryDays

function NewKey({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { rights } = useFirm()
  const client = useQueryClient()
  const [made, setMade] = useState<string | null>(null)
  const form = useApiForm({
    initial: { name: '', scopes: [] as Right[], expiresAt: 'year' as Expiry },
    validate: {
      name: (value: string) => (value.trim() ? null : t('keys.name.missing')),
      scopes: (value: Right[]) => (value.length > 0 ? null : t('keys.scopes.missing')),
    },
    save: async ({ name, scopes, expiresAt }) => {
      const days = expiryDays[expiresAt]
      const { key } = await answer(
        api.POST('/keys', {
          body: {
            name: name.trim(),
            scopes,
            expiresAt: days === null ? null : new Date(Date.now() + days * dayMs).toISOString(),
          },
        }),
      )
      setMade(key)
    },
    saved: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
  if (made) {
    return (
      <div className={styles.dialog}>
        <Notice is="needs" title={t('keys.once')}>
          <p>{t('keys.once.text')}</p>
        </Notice>
        <Copy text={made} name={t('keys.key')} />
        <Foot>
          <Button kind="primary" onClick={onClose}>
            {t('keys.done')}
          </Button>
        </Foot>
      </div>
    )
  }
  const { scopes } = form.form.getValues()
  const held = (scope: Right) => (rights as readonly string[]).includes(scope)
  const toggle = (scope: Right, on: boolean) =>
    form.form.setFieldValue('scopes', on ? [...scopes, scope] : scopes.filter((one) => one !== scope))
  const scopesError = Object.entries(form.form.errors).find(([path]) => path.split('.')[0] === 'scopes')?.[1]
  return (
    <Form form={form}>
      <Fields>
        <TextField label={t('keys.name')} description={t('keys.name.text')} data-autofocus {...form.field('name')} />
        <SelectField
          label={t('keys.expires')}
          description={t('keys.expires.text')}
          data={[
            { value: 'quarter', label: t('keys.expires.quarter') },
            { value: 'year', label: t('keys.expires.year') },
            { value: 'never', label: t('keys.expires.never') },
          ]}
          {...form.field('expiresAt')}
        />
      </Fields>
      <div className={styles.groups}>
        {scopeGroups.map((group) => {
          const offered = group.scopes.filter(held)
          return offered.length === 0 ? null : (
            <fieldset key={group.title}>
              <legend>
                <b>{t(group.title)}</b>
              </legend>
              {offered.map((scope) => (
                <CheckField
                  key={scope}
                  name={scope === offered[0] && group === scopeGroups[0] ? 'scopes' : scope}
                  label={t(scopeWords[scope])}
                  checked={scopes.includes(scope)}
                  onChange={(event) => toggle(scope, event.currentTarget.checked)}
                />
              ))}
            </fieldset>
          )
        })}
      </div>
      {scopesError ? <StateLine is="refused">{scopesError}</StateLine> : null}
      <FormFoot form={form} action={t('keys.create')} onCancel={onClose} />
    </Form>
  )
}

function stateOf(key: KeyRow): 'revoked' | 'expired' | 'works' {
  if (key.revokedAt) return 'revoked'
  return key.expiresAt && new Date(key.expiresAt) <= new Date() ? 'expired' : 'works'
}

export function Keys() {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const client = useQueryClient()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<KeyRow | null>(null)
  const canSee = may('keys:write')
  const query = useQuery({
    queryKey: ['keys'],
    queryFn: async ({ signal }) => (await answer(api.GET('/keys', { signal }))).rows,
    enabled: canSee,
  })
  const revoke = useAct({
    run: (id: string) => answer(api.DELETE('/keys/{id}', { params: { path: { id } } })),
    done: async () => {
      await client.invalidateQueries({ queryKey: ['keys'] })
      say(t('keys.revoked', { name: revoking?.name ?? '' }))
      setRevoking(null)
    },
  })
  const columns = useMemo(
    (): ReadonlyArray<Column<KeyRow>> => [
      {
        id: 'name',
        head: t('keys.name'),
        width: 'minmax(110px, 1.4fr)',
        always: true,
        cell: (row) => <b>{row.name}</b>,
      },
      {
        id: 'prefix',
        head: t('keys.prefix'),
        width: 150,
        from: 620,
        cell: (row) => <span className="fig muted">{row.prefix}…</span>,
      },
      {
        id: 'scopes',
        head: t('keys.scopes'),
        width: 'minmax(140px, 1fr)',
        from: 760,
        cell: (row) => (
          <span title={row.scopes.join(', ')}>{t('keys.scopes.count', { count: row.scopes.length })}</span>
        ),
      },
      {
        id: 'used',
        head: t('keys.used'),
        width: 130,
        from: 900,
        cell: (row) => (
          <span className="fig muted">
            {row.lastUsedOn ? format.date(row.lastUsedOn, 'short') : t('keys.used.never')}
          </span>
        ),
      },
      {
        id: 'expires',
        head: t('keys.expires'),
        width: 130,
        from: 560,
        cell: (row) => (
          <span className="fig muted">
            {row.expiresAt ? format.date(row.expiresAt.slice(0, 10), 'short') : t('keys.expires.never')}
          </span>
        ),
      },
      {
        id: 'state',
        head: t('keys.state'),
        width: 112,
        cell: (row) => {
          const state = stateOf(row)
          if (state === 'works') return <State is="done">{t('keys.state.works')}</State>
          if (state === 'expired') return <State is="needs">{t('keys.state.expired')}</State>
          return (
            <State is="wait" icon="cross">
              {t('keys.state.revoked')}
            </State>
          )
        },
      },
      {
        id: 'acts',
        head: t('keys.acts'),
        width: 104,
        align: 'end',
        cell: (row) =>
          row.revokedAt ? null : (
            <Button size="sm" onClick={() => setRevoking(row)} aria-label={t('keys.revoke.name', { name: row.name })}>
              {t('keys.revoke')}
            </Button>
          ),
      },
    ],
    [t, format],
  )
  useKeys([{ keys: 'N', does: t('keys.new'), disabled: !canSee, run: () => setMaking(true) }])
  const button = (
    <Button kind="primary" icon="plus" keys="N" onClick={() => setMaking(true)}>
      {t('keys.new')}
    </Button>
  )
  return (
    <Page>
      <PageHead title={t('keys.title')} crumbs={[<SettingsCrumb key="settings" />]} actions={canSee ? button : null} />
      {canSee ? (
        <Fill>
          <DataTable
            id="keys"
            name={t('keys.title')}
            rows={allRows(query)}
            columns={columns}
            idOf={(row) => row.id}
            nameOf={(row) => row.name}
            toneOf={(row) => (row.revokedAt ? 'muted' : undefined)}
            empty={
              <EmptyState icon="key" title={t('keys.empty.title')} action={button}>
                {t('keys.empty.text')}
              </EmptyState>
            }
          />
        </Fill>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
      <Dialog open={making} onClose={() => setMaking(false)} title={t('keys.new')} size={760}>
        {making ? <NewKey onClose={() => setMaking(false)} /> : null}
      </Dialog>
      <ConfirmWithPreview
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t('keys.revoke.title', { name: revoking?.name ?? '' })}
        preview={
          revoking ? (
            <Facts
              rows={[
                [t('keys.prefix'), `${revoking.prefix}…`],
                [t('keys.used'), revoking.lastUsedOn ? format.date(revoking.lastUsedOn) : t('keys.used.never')],
                [t('keys.scopes'), t('keys.scopes.count', { count: revoking.scopes.length })],
              ]}
            />
          ) : null
        }
        never={t('keys.revoke.never')}
        action={t('keys.revoke')}
        onConfirm={() => revoking && revoke.mutate(revoking.id)}
        busy={revoke.isPending}
        error={revoke.error}
      />
    </Page>
  )
}
