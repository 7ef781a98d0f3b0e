import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The ten steps of a scale, as they stand in `tokens.css`. */
const scale = (name: 'gray' | 'dark' | 'teal'): MantineColorsTuple => [
  `var(--${name}-0)`,
  `var(--${name}-1)`,
  `var(--${name}-2)`,
  `var(--${name}-3)`,
  `var(--${name}-4)`,
  `var(--${name}-5)`,
  `var(--${name}-6)`,
  `var(--${name}-7)`,
  `var(--${name}-8)`,
  `var(--${name}-9)`,
]

const small = { defaultProps: { size: 'sm' } }
const floating = { transitionProps: { duration: 0 }, shadow: 'md' }

export const theme = createTheme({
  colors: { gray: scale('gray'), dark: scale('dark'), teal: scale('teal') },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 4 },
  // Contrast is settled in tokens.css (`--on-accent`), where a test checks it; Mantine cannot compute it from variables.
  autoContrast: false,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: {
    fontFamily: 'var(--font)',
    fontWeight: '600',
    sizes: {
      h1: { fontSize: 'var(--text-xl)', lineHeight: 'var(--leading-tight)' },
      h2: { fontSize: 'var(--text-lg)', lineHeight: 'var(--leading-tight)' },
      h3: { fontSize: 'var(--text-md)', lineHeight: 'var(--leading-tight)' },
    },
  },
  fontSizes: {
    xs: 'var(--text-xs)',
    sm: 'var(--text-sm)',
    md: 'var(--text-md)',
    lg: 'var(--text-lg)',
    xl: 'var(--text-xl)',
  },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.25' },
  spacing: {
    xs: 'var(--space-2)',
    sm: 'var(--space-3)',
    md: 'var(--space-4)',
    lg: 'var(--space-5)',
    xl: 'var(--space-6)',
  },
  radius: {
    xs: 'var(--radius-xs)',
    sm: 'var(--radius-sm)',
    md: 'var(--radius-md)',
    lg: 'var(--radius-lg)',
    xl: 'var(--radius-xl)',
  },
  defaultRadius: 'md',
  shadows: { sm: 'var(--shadow-sm)', md: 'var(--shadow-md)', lg: 'var(--shadow-lg)' },
  focusRing: 'auto',
  focusClassName: 'focus-ring',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    InputWrapper: { defaultProps: { size: 'sm', inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Input: small,
    Checkbox: small,
    Switch: small,
    Menu: { defaultProps: { ...floating, position: 'bottom-end', offset: 4 } },
    Popover: { defaultProps: floating },
    Combobox: { defaultProps: { ...floating, size: 'sm' } },
    Tooltip: { defaultProps: { transitionProps: { duration: 0 }, openDelay: 350 } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 0 },
        radius: 'xl',
        shadow: 'lg',
        overlayProps: { backgroundOpacity: 0.28 },
      },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 0 }, overlayProps: { backgroundOpacity: 0.28 } } },
  },
})

const schemeVariables: Record<string, string> = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-muted)',
  '--mantine-color-placeholder': 'var(--text-faint)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--refused)',
  '--mantine-color-success': 'var(--done)',
  '--mantine-color-default': 'var(--surface-raised)',
  '--mantine-color-default-hover': 'var(--surface-hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--surface-sunken)',
  '--mantine-color-disabled-color': 'var(--text-muted)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-teal-filled': 'var(--accent-fill)',
  '--mantine-color-teal-filled-hover': 'var(--accent-fill-hover)',
  '--mantine-color-teal-light': 'var(--accent-soft)',
  '--mantine-color-teal-light-hover': 'var(--accent-soft)',
  '--mantine-color-teal-light-color': 'var(--accent)',
  '--mantine-color-teal-outline': 'var(--accent)',
  '--mantine-color-teal-text': 'var(--accent)',
}

/** Mantine's own variables get our tokens, the same for both schemes: light-dark() in the token makes the difference. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--mantine-line-height': 'var(--leading)' },
  light: schemeVariables,
  dark: schemeVariables,
})
