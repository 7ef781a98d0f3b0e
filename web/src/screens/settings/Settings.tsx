import { Link } from '@tanstack/react-router'
import type { Right } from '@uurwerk/api/rights.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { NoRights } from '../../parts/Empty.tsx'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './settings.module.css'

interface Card {
  readonly path: string
  readonly icon: IconName
  readonly title: Word
  readonly text: Word
  readonly rights: readonly Right[]
}

const groups: ReadonlyArray<{ readonly title: Word; readonly cards: readonly Card[] }> = [
  {
    title: 'settings.group.firm',
    cards: [
      {
        path: 'settings/firm',
        icon: 'firm',
        title: 'settings.firm',
        text: 'settings.firm.text',
        rights: ['firm:write'],
      },
      {
        path: 'settings/people',
        icon: 'customers',
        title: 'settings.people',
        text: 'settings.people.text',
        rights: ['people:read'],
      },
      {
        path: 'settings/invoices',
        icon: 'document',
        title: 'settings.invoices',
        text: 'settings.invoices.text',
        rights: ['firm:write'],
      },
      {
        path: 'settings/mail',
        icon: 'mail',
        title: 'settings.mail',
        text: 'settings.mail.text',
        rights: ['firm:write'],
      },
      {
        path: 'settings/reminders',
        icon: 'clock',
        title: 'settings.reminders',
        text: 'settings.reminders.text',
        rights: ['firm:write'],
      },
      {
        path: 'settings/keys',
        icon: 'key',
        title: 'settings.keys',
        text: 'settings.keys.text',
        rights: ['keys:write'],
      },
    ],
  },
  {
    title: 'settings.group.apps',
    cards: [
      {
        path: 'settings/apps',
        icon: 'plug',
        title: 'settings.apps',
        text: 'settings.apps.text',
        rights: ['connections:read'],
      },
      {
        path: 'settings/imports',
        icon: 'refresh',
        title: 'settings.imports',
        text: 'settings.imports.text',
        rights: ['connections:read'],
      },
    ],
  },
  {
    title: 'settings.group.manage',
    cards: [
      {
        path: 'customers',
        icon: 'customers',
        title: 'frame.customers',
        text: 'settings.customers.text',
        rights: ['customers:read'],
      },
      {
        path: 'projects',
        icon: 'project',
        title: 'frame.projects',
        text: 'settings.projects.text',
        rights: ['projects:read'],
      },
      {
        path: 'settings/teams',
        icon: 'customers',
        title: 'settings.teams',
        text: 'settings.teams.text',
        rights: ['people:write'],
      },
      {
        path: 'settings/tags',
        icon: 'flag',
        title: 'settings.tags',
        text: 'settings.tags.text',
        rights: ['activities:write'],
      },
      {
        path: 'settings/activities',
        icon: 'clock',
        title: 'settings.activities',
        text: 'settings.activities.text',
        rights: ['activities:write', 'rates:read'],
      },
      {
        path: 'settings/expense-categories',
        icon: 'expense',
        title: 'settings.categories',
        text: 'settings.categories.text',
        rights: ['activities:write'],
      },
      {
        path: 'settings/vehicles',
        icon: 'trip',
        title: 'settings.vehicles',
        text: 'settings.vehicles.text',
        rights: ['activities:write'],
      },
      {
        path: 'settings/km-rates',
        icon: 'wallet',
        title: 'settings.kmRates',
        text: 'settings.kmRates.text',
        rights: ['rates:read'],
      },
      {
        path: 'settings/absence',
        icon: 'calendar',
        title: 'settings.absence',
        text: 'settings.absence.text',
        rights: ['firm:write'],
      },
    ],
  },
]

export function Settings() {
  const t = useT()
  const may = useMay()
  const { slug } = useFirm()
  const open = groups
    .map((group) => ({ ...group, cards: group.cards.filter((card) => card.rights.some(may)) }))
    .filter((group) => group.cards.length > 0)
  return (
    <Page>
      <PageHead title={t('frame.settings')} />
      <Body>
        {open.length === 0 ? <NoRights /> : null}
        <div className={styles.groups}>
          {open.map((group) => (
            <section key={group.title}>
              <h2>{t(group.title)}</h2>
              <div className={styles.cards}>
                {group.cards.map((card) => (
                  <Link key={card.path} to={`/f/${slug}/${card.path}` as '/'} className={styles.card}>
                    <Icon name={card.icon} />
                    <b>{t(card.title)}</b>
                    <span>{t(card.text)}</span>
                  </Link>
                ))}
              </div>
            </section>
          ))}
        </div>
      </Body>
    </Page>
  )
}
