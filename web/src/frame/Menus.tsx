import { Menu } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answer, api } from '../api.ts'
import { Icon } from '../parts/icons.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { sayProblem } from '../parts/Toasts.tsx'
import { forget, useFirm, useSession } from '../session.ts'
import { useT } from '../words/words.tsx'
import { LookItems } from './LookItems.tsx'
import { FirmButton, WhoButton } from './MenuButtons.tsx'
import { openKeyHelp } from './open.ts'

/** The firms of this person. */
export function FirmMenu() {
  const t = useT()
  const firm = useFirm()
  const { firms } = useSession()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <FirmButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('frame.firms')}</Menu.Label>
        {firms.map((one) => (
          <Menu.Item
            key={one.id}
            role="menuitemradio"
            aria-checked={one.id === firm.id}
            rightSection={one.id === firm.id ? <Icon name="check" size={14} /> : undefined}
            onClick={() => navigate({ to: '/f/$firm', params: { firm: one.slug } })}
          >
            {one.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Language, theme, keys, signing out. */
export function WhoMenu() {
  const t = useT()
  const { user } = useSession()
  const { slug: firm } = useFirm()
  const client = useQueryClient()
  const navigate = useNavigate()
  const signOut = async () => {
    try {
      await answer(api.DELETE('/session'))
      await navigate({ to: '/sign-in' })
      forget(client)
    } catch (error) {
      sayProblem(error)
    }
  }
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <WhoButton />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item
          leftSection={<Icon name="person" size={14} />}
          onClick={() => navigate({ to: '/f/$firm/profile', params: { firm } })}
        >
          {t('frame.profile')}
        </Menu.Item>
        <Menu.Divider />
        <LookItems />
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="keyboard" size={14} />}
          rightSection={<KeyHint keys="?" />}
          onClick={openKeyHelp}
        >
          {t('frame.keys.title')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="signOut" size={14} />} onClick={signOut}>
          {t('frame.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
