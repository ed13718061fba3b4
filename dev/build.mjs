import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ROOT, buildUnlessBuilt, filesIn, run } from './unless-built.mjs'

/** Builds the client and the service, unless that has been done for these very sources. */
/** In this order: the service is checked against the client's types. */
const PROJECTS = [
  { config: 'client/tsconfig.json', root: 'client/src', folders: ['.'], output: 'client/dist' },
  {
    config: 'tsconfig.build.json',
    root: '.',
    folders: ['src', 'migrations', 'standins', 'dev', 'benches', 'examples'],
    output: 'dist',
  },
]

buildUnlessBuilt({
  stamp: 'dist/.built',
  settings: ['tsconfig.json', 'tsconfig.build.json', 'client/tsconfig.json'],
  sources: () =>
    PROJECTS.flatMap(({ root, folders }) => folders.map((folder) => path.join(root, folder))).flatMap((folder) =>
      filesIn(folder, /\.(ts|mjs)$/),
    ),
  outputs: () => PROJECTS.flatMap(outputsOf),
  build: (wasWritten) => PROJECTS.forEach((project) => compile(project, wasWritten)),
})

function compile({ config, root, output }, wasWritten) {
  // The compiler goes by its notes on what it has written. Where something else has written too, it must write anew.
  if (!wasWritten) rmSync(path.join(ROOT, output, '.tsbuildinfo'), { force: true })
  for (const file of outputsOf({ output })) {
    const source = path.join(root, path.relative(output, file)).replace(/(\.d\.ts|\.js)$/, '.ts')
    if (!existsSync(path.join(ROOT, source))) rmSync(path.join(ROOT, file))
  }
  run(createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', config)
}

function outputsOf({ output }) {
  return filesIn(output, /\.(js|d\.ts)$/).filter((file) => !file.startsWith(path.join('dist', 'web')))
}
