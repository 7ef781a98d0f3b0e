import { Menu } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useEffect, useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { SwitchField } from '../../parts/Choose.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { isApiProblem } from '../../problem.ts'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { KindId } from './overview-kind.ts'

export type View = components['schemas']['View']
export type ViewSettings = View['settings']

const sorted = (value: unknown): unknown =>
  Array.isArray(value) || value === null || typeof value !== 'object'
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, one]) => one !== undefined)
          .toSorted(([a], [b]) => a.localeCompare(b))
          .map(([name, one]) => [name, sorted(one)]),
      )
const same = (a: ViewSettings, b: ViewSettings) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

/** Views of a list: one's own and those of others that are shared; which is open, and whether it was changed since. */
export function ViewsMenu({
  screen,
  openId,
  settings,
  plain,
  open,
  forget,
}: {
  screen: KindId
  openId: string | undefined
  /** As the list is now. */
  settings: ViewSettings
  /** Nothing was asked in the address: the view that opens first may take over. */
  plain: boolean
  open: (view: View, replace: boolean) => void
  /** Off the view, with what it showed. */
  forget: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const queryKey = ['views', screen]
  const views = useQuery({
    queryKey,
    queryFn: ({ signal }) => answer(api.GET('/views', { params: { query: { screen } }, signal })),
    staleTime: 60_000,
  })
  const again = () => client.invalidateQueries({ queryKey })
  const rows = views.data?.rows ?? []
  const current = rows.find(({ id }) => id === openId)
  const changed = current !== undefined && !same(current.settings, settings)
  const [keeping, setKeeping] = useState<'new' | View | null>(null)

  const began = useRef(false)
  const firstId = views.data?.firstId
  useEffect(() => {
    if (!views.data || began.current) return
    began.current = true
    const first = views.data.rows.find(({ id }) => id === views.data.firstId)
    if (plain && first) open(first, true)
  }, [views.data, plain, open])

  const update = useAct({
    run: (view: View) =>
      answer(
        api.PATCH('/views/{id}', {
          params: { path: { id: view.id } },
          headers: ifMatch(view.version),
          body: { settings },
        }),
      ),
    done: (view) => {
      say(t('overviews.views.kept', { name: view.name }))
      return again()
    },
    failed: (error) => sayProblem(error),
  })
  const first = useAct({
    run: (viewId: string | null, key) =>
      answer(api.POST('/views/first', { params: { header: key }, headers: key, body: { screen, viewId } })),
    done: again,
    failed: (error) => sayProblem(error),
  })
  const remove = useAct({
    run: (view: View) =>
      answer(api.DELETE('/views/{id}', { params: { path: { id: view.id } }, headers: ifMatch(view.version) })),
    done: async (_, view) => {
      forget()
      await again()
      sayUndo(t('overviews.views.deleted', { name: view.name }), async () => {
        await answer(api.POST('/views/{id}/restoration', { params: { path: { id: view.id } } }))
        await again()
      })
    },
    failed: (error) => sayProblem(error),
  })
  const own = rows.filter((view) => view.own)
  const others = rows.filter((view) => !view.own)
  const item = (view: View) => (
    <Menu.Item
      key={view.id}
      aria-current={view.id === openId ? 'true' : undefined}
      leftSection={view.id === openId ? <Icon name="check" size={14} /> : <span style={{ width: 14 }} />}
      rightSection={
        <span className="faint small">
          {[
            view.own ? (view.shared ? t('overviews.views.shared') : null) : view.owner.name,
            view.id === firstId ? t('overviews.views.first') : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      }
      onClick={() => open(view, false)}
    >
      {view.name}
    </Menu.Item>
  )
  return (
    <>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <Button kind="quiet" size="sm" icon="star" iconAfter="down">
            {current ? `${current.name}${changed ? ' *' : ''}` : t('overviews.views')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {own.length > 0 ? <Menu.Label>{t('overviews.views.own')}</Menu.Label> : null}
          {own.map(item)}
          {others.length > 0 ? <Menu.Label>{t('overviews.views.ofOthers')}</Menu.Label> : null}
          {others.map(item)}
          {rows.length > 0 ? <Menu.Divider /> : <Menu.Label>{t('overviews.views.none')}</Menu.Label>}
          {current?.own && changed ? (
            <Menu.Item onClick={() => update.mutate(current)}>
              {t('overviews.views.update', { name: current.name })}
            </Menu.Item>
          ) : null}
          <Menu.Item onClick={() => setKeeping('new')}>{t('overviews.views.keep')}</Menu.Item>
          {current ? (
            <Menu.Item onClick={() => first.mutate(current.id === firstId ? null : current.id)}>
              {current.id === firstId ? t('overviews.views.notFirst') : t('overviews.views.makeFirst')}
            </Menu.Item>
          ) : null}
          {current?.own ? (
            <>
              <Menu.Item onClick={() => setKeeping(current)}>{t('overviews.views.rename')}</Menu.Item>
              <Menu.Item onClick={() => remove.mutate(current)}>{t('overviews.views.delete')}</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {keeping ? (
        <KeepDialog
          screen={screen}
          settings={settings}
          view={keeping === 'new' ? null : keeping}
          close={() => setKeeping(null)}
          kept={async (view) => {
            setKeeping(null)
            await again()
            open(view, true)
          }}
        />
      ) : null}
    </>
  )
}

/** A name for the list as it is now, or another name for a view. */
function KeepDialog({
  screen,
  settings,
  view,
  close,
  kept,
}: {
  screen: KindId
  settings: ViewSettings
  view: View | null
  close: () => void
  kept: (view: View) => unknown
}) {
  const t = useT()
  const may = useMay()
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(view?.shared ?? false)
  const act = useAct<{ name: string; shared: boolean }, View>({
    run: (body, key) =>
      view
        ? answer(
            api.PATCH('/views/{id}', {
              params: { path: { id: view.id } },
              headers: ifMatch(view.version),
              body,
            }),
          )
        : answer(api.POST('/views', { params: { header: key }, headers: key, body: { screen, settings, ...body } })),
    done: kept,
  })
  const ready = name.trim() !== ''
  const save = () => ready && act.mutate({ name: name.trim(), shared })
  useKeys([{ keys: 'mod+Enter', run: save, whileTyping: true, disabled: act.isPending }])
  const atName = isApiProblem(act.error)
    ? act.error.problem.errors?.find(({ pointer }) => pointer === '/name')?.message
    : undefined
  return (
    <Dialog open onClose={close} title={view ? t('overviews.views.rename') : t('overviews.views.keep')} size={440}>
      <form
        style={{ display: 'grid', gap: 16 }}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <TextField
          label={t('overviews.views.name')}
          value={name}
          maxLength={60}
          required
          data-autofocus
          error={atName}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {may('hours:read') ? (
          <SwitchField
            label={t('overviews.views.share')}
            description={t('overviews.views.shareWhat')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        ) : null}
        {act.error && !atName ? <ErrorNotice error={act.error} /> : null}
        <Foot>
          <Button kind="quiet" onClick={close}>
            {t('parts.cancel')}
          </Button>
          <Button kind="primary" type="submit" keys="mod+Enter" busy={act.isPending} disabled={!ready}>
            {t('overviews.views.save')}
          </Button>
        </Foot>
      </form>
    </Dialog>
  )
}
