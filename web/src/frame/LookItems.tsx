import { Menu } from '@mantine/core'
import { Icon } from '../parts/icons.tsx'
import { type Scheme, schemes, useScheme } from '../theme/scheme.ts'
import { type Language, languages } from '../words/languages.ts'
import { useLanguage, useT, type Word } from '../words/words.tsx'

const languageNames = { en: 'English', nl: 'Nederlands' } as const satisfies Record<Language, string>
const schemeWords = {
  auto: 'frame.theme.auto',
  light: 'frame.theme.light',
  dark: 'frame.theme.dark',
} as const satisfies Record<Scheme, Word>
const schemeIcons = { auto: 'system', light: 'sun', dark: 'moon' } as const

/** Language and theme: also where nobody has signed in. */
export function LookItems() {
  const t = useT()
  const { language, choose } = useLanguage()
  const { scheme, choose: chooseScheme } = useScheme()
  return (
    <>
      <Menu.Label>{t('frame.language')}</Menu.Label>
      {languages.map((one) => (
        <Menu.Item
          key={one}
          role="menuitemradio"
          aria-checked={one === language}
          leftSection={one === language ? <Icon name="check" size={14} /> : <span style={{ width: 14 }} />}
          onClick={() => choose(one)}
          lang={one}
        >
          {languageNames[one]}
        </Menu.Item>
      ))}
      <Menu.Label>{t('frame.theme')}</Menu.Label>
      {schemes.map((one) => (
        <Menu.Item
          key={one}
          role="menuitemradio"
          aria-checked={one === scheme}
          leftSection={<Icon name={schemeIcons[one]} size={14} />}
          rightSection={one === scheme ? <Icon name="check" size={14} /> : undefined}
          onClick={() => chooseScheme(one)}
        >
          {t(schemeWords[one])}
        </Menu.Item>
      ))}
    </>
  )
}
