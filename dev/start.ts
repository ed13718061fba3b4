import path from 'node:path'
import { summarise } from '../src/registers/catalogue-files.js'
import { freePort, obstacleAt } from './free-port.js'
import type { LocalFullmakt } from './local-fullmakt.js'
import type { LocalParts } from './local-parts.js'
import { findRunning, noteRunning } from './running-service.js'

const ONE_KEYPRESS_MS = 500

async function startEverything(): Promise<void> {
  const folder = path.resolve(process.env['DATA_FOLDER'] ?? '.data')
  await refuseSecondStart(folder)
  const port = await chosenPort(process.env['PORT'] ?? '3000')
  // Loaded only now: it takes a second, and what is refused above is refused at once.
  const { startLocalFullmakt } = await import('./local-fullmakt.js')
  const fullmakt = await startLocalFullmakt(folder, port).catch(async (error: unknown) => {
    const { whyNot } = await import('./why-not.js')
    giveUp(whyNot(error, shown(folder)))
  })
  const { url, idporten } = fullmakt.parts
  const forget = noteRunning(folder, { pid: process.pid, url, idporten: idporten.issuer })
  stopOnSignal(fullmakt, forget)
  console.log(overview(fullmakt.parts, folder))
  console.log(`Started in ${(performance.now() / 1000).toFixed(1)} s. Stop with Ctrl-C.`)
}

async function refuseSecondStart(folder: string): Promise<void> {
  const running = await findRunning(folder)
  if (running === undefined) return
  giveUp(
    `Fullmakt is running already, on ${running.url} (process ${running.pid}).\n` +
      'Stop it with Ctrl-C where it was started, or start another beside it: DATA_FOLDER=.data-2 PORT=3100 npm start',
  )
}

/** 0 chooses a free port. */
async function chosenPort(wanted: string): Promise<number> {
  const port = /^\d{1,5}$/.test(wanted) ? Number(wanted) : Infinity
  if (port > 65_535) giveUp(`PORT must be a whole number up to 65535, and is "${wanted}".`)
  if (port === 0) return freePort()
  const obstacle = await obstacleAt(port)
  if (obstacle === 'taken') giveUp(`Port ${port} is taken. Choose another one: PORT=3100 npm start`)
  if (obstacle === 'forbidden') giveUp(`Port ${port} is not for you to use. Choose one above 1023: PORT=3100 npm start`)
  return port
}

function giveUp(message: string): never {
  console.error(message)
  process.exit(1)
}

/**
 * The first signal stops in order; at the next, whoever waits has had enough. PostgreSQL ends with us either way. One
 * Ctrl-C may come twice at once, from the terminal and from npm.
 */
function stopOnSignal(fullmakt: LocalFullmakt, forget: () => void): void {
  let stoppingSince: number | undefined
  const stop = (): void => {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > ONE_KEYPRESS_MS) process.exit(130)
    if (stoppingSince !== undefined) return
    stoppingSince = performance.now()
    forget()
    fullmakt.stop().then(
      () => {
        console.log('Stopped.')
        process.exit(0)
      },
      (error: unknown) => giveUp(`Did not stop as it should: ${String(error)}`),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

function overview({ url, idporten, people, clients, catalogue }: LocalParts, folder: string): string {
  const examples = [
    'astrid-haugen',
    'berit-haugen',
    'ola-nordby',
    'kari-nordby',
    'camilla-lien',
    'knut-hovland',
    'nils-fjeld',
  ]
    .map((id) => people.find(id))
    .filter((person) => person !== undefined)
  return [
    '',
    'Fullmakt is running, with synthetic people and stand-ins only.',
    '',
    table([
      ['Pages for people', url],
      ['Service', url],
      ['API, to read and try', `${url}/docs`],
      ['Log in', `${url}/login`],
      ['Stand-in ID-porten', idporten.issuer],
      ['Catalogue', summarise(catalogue)],
      ['E-mail to people', shown(path.join(folder, 'dev', 'mail'))],
      ['Database and keys', `${shown(folder)} (delete it to begin anew)`],
    ]),
    '',
    `People to log in as: choose one on the login page, there is no password (${people.all().length} in all, for instance):`,
    table(examples.map(({ givenName, familyName, cases }) => [`${givenName} ${familyName}`, cases.join(', ')])),
    '',
    'Relying services and their private keys:',
    table(clients.map(({ client, keyFile }) => [client.clientId, shown(keyFile)])),
    '',
    'See the main job done, step by step: npm run demo (in another terminal)',
  ].join('\n')
}

/** A path as short as it can be written from here. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([first]) => first.length))
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`).join('\n')
}

/**
 * `npm start`: everything on this machine, from an embedded PostgreSQL to the stand-in ID-porten. With DATABASE_URL set
 * it is the production service instead, with its own settings and none of this.
 */
if (process.env['DATABASE_URL'] === undefined) await startEverything()
else {
  console.error('DATABASE_URL is set: starting the service alone, as in production, with the settings given.')
  await import('../src/main.js')
}
