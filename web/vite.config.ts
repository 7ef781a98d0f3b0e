import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env.API_URL ?? 'http://127.0.0.1:3000'

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  // The gallery shows every part in every state; it is left out of what is shipped.
  define: { __GALLERY__: JSON.stringify(mode !== 'production') },
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark() stays as written: a build target that lacks it would rewrite every token.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Fonts stay files of their own, so that the first style sheet is small and they are cached apart.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': { target: server }, '/sandbox': { target: server }, '/print': { target: server } } },
}))
