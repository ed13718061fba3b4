import { register } from 'node:module'

/** With `node --import` of this file, TypeScript sources run as they stand, `@jest/globals` included. */
register('./typescript-hooks.mjs', import.meta.url)
