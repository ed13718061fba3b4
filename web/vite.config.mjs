import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** What the service puts its own nonce in the place of, each time that it hands the page out. */
const NONCE = '{nonce}'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  html: { cspNonce: NONCE },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A font or picture in a style sheet would be an address of its own kind, which the policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake: {
        // The components that no screen uses, and what they are made of, would come along: half of the first page.
        moduleSideEffects: (id) => !/node_modules\/(@digdir\/designsystemet-react|@floating-ui|@tanstack)\//.test(id),
      },
    },
  },
})
