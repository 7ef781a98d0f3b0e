import './theme/tokens.css'
import './theme/fonts.css'
import './theme/mantine.css'
import './theme/base.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { speakInCalls } from './api.ts'
import { makeQueryClient } from './query.ts'
import { makeRouter } from './routes.tsx'
import { applyKeptScheme, schemeKey } from './theme/scheme.ts'
import { cssVariables, theme } from './theme/theme.ts'
import { useLanguage, WordsProvider } from './words/words.tsx'

applyKeptScheme()

// A session that has ended leads to the sign-in page and back; pages outside a firm need no session.
const client = makeQueryClient(() => {
  const { pathname, href } = router.state.location
  if (pathname.startsWith('/f/')) void router.navigate({ to: '/sign-in', search: { next: href } })
})
const router = makeRouter(client)
const schemeManager = localStorageColorSchemeManager({ key: schemeKey })

function App() {
  const { language } = useLanguage()
  const spoken = language === 'nl' ? 'nl' : 'en'
  speakInCalls(spoken)
  // Texts of the server are in the language they were asked in.
  useEffect(() => {
    speakInCalls(spoken)
    void client.invalidateQueries()
  }, [spoken])
  return <RouterProvider router={router} />
}

/** The page says once which styles of its own it allows. */
const styleNonce = () => document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
// The style that keeps the page still under a dialog is made by react-remove-scroll, which looks for the nonce there.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })

const root = document.getElementById('root')
if (!root) throw new Error('no #root in the page')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      getStyleNonce={styleNonce}
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
    >
      <WordsProvider>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </WordsProvider>
    </MantineProvider>
  </StrictMode>,
)
