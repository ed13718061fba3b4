import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT, buildUnlessBuilt, filesIn, run } from '../dev/unless-built.mjs'

/** Builds the pages into `dist/web`, unless that has been done for these very sources. */
const GENERATED = 'web/src/generated'

buildUnlessBuilt({
  stamp: 'dist/.built-web',
  settings: ['openapi.yaml', 'texts/actions.yaml', 'web/index.html', 'web/vite.config.mjs', 'web/texts.mjs'],
  sources: () => [
    ...filesIn('web/src', /\.(ts|tsx|css)$/).filter((file) => !file.startsWith(GENERATED)),
    ...filesIn('texts/pages', /\.yaml$/),
  ],
  outputs: () => [...filesIn('dist/web', /./), ...filesIn(GENERATED, /./)],
  build() {
    run('web/texts.mjs')
    run(binary('openapi-typescript', 'bin/cli.js'), 'openapi.yaml', '-o', `${GENERATED}/api.ts`)
    run(binary('vite', 'bin/vite.js'), 'build', 'web', '--logLevel', 'warn')
    for (const file of filesIn('dist/web/assets', /\.(js|css)$/)) compress(path.join(ROOT, file))
  },
})

/** Beside the file: what a browser is sent that takes it. */
function compress(file) {
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
}

function binary(name, file) {
  return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)
}
