import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { STEPS, doMainJob } from './demo-job.js'
import { newPerson } from './demo-people.js'
import { openRelyingService } from './demo-relying-service.js'
import { WrongOutcome, startReport } from './demo-report.js'
import type { Stage } from './demo-stage.js'
import { developmentClients } from './development-clients.js'
import { freePort } from './free-port.js'
import { findRunning } from './running-service.js'

const DATA_FOLDER = path.resolve(process.env['DATA_FOLDER'] ?? '.data')
const WIDTH = 120

/** A running service with its stand-ins and the folder where its keys lie. */
interface Place {
  readonly url: string
  readonly idporten: string
  readonly folder: string
  /** How the reader is told of it. */
  readonly told: string
  readonly leave: () => Promise<void>
}

/** The one that `npm start` runs, or one for this demo alone. */
async function findPlace(): Promise<Place> {
  const running = await findRunning(DATA_FOLDER)
  if (running === undefined) return ownPlace()
  const told = `With the service that runs on ${running.url}.`
  return { ...running, folder: DATA_FOLDER, told, leave: () => Promise.resolve() }
}

async function ownPlace(): Promise<Place> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fullmakt-demo-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  chmodSync(folder, 0o755) // where root starts it, PostgreSQL runs as another user
  try {
    const { startLocalFullmakt } = await import('./local-fullmakt.js')
    const fullmakt = await startLocalFullmakt(folder, await freePort())
    const { parts } = fullmakt
    const told = `No service was running: started one for this demo, on ${parts.url}, and stop it afterwards.`
    const leave = (): Promise<void> => fullmakt.stop().finally(remove)
    return { url: parts.url, idporten: parts.idporten.issuer, folder, told, leave }
  } catch (error) {
    remove()
    throw error
  }
}

async function openStage({ url, idporten, folder }: Place): Promise<Stage> {
  const clients = await developmentClients(path.join(folder, 'dev'), idporten)
  const registered = clients.find(({ client }) => client.clientId === 'nav-web')
  if (registered === undefined) throw new Error('no client is called nav-web')
  const nav = await openRelyingService(url, idporten, registered)
  const turid = await newPerson(url, 'Turid', 1940)
  const bjarne = await newPerson(url, 'Bjarne', 1970)
  return { url, idporten, nav, turid, bjarne }
}

/** True when every step came out as it must. */
async function playIn(place: Place): Promise<boolean> {
  const { isTTY, columns } = process.stdout
  const write = (line: string): void => console.log(line)
  const coloured = isTTY && process.env['NO_COLOR'] === undefined
  const report = startReport({ write, width: isTTY ? Math.min(columns, WIDTH) : WIDTH, coloured })
  const stage = await openStage(place)
  report.say(
    `${place.told} Two people were made for it: Turid (${stage.turid.number}) gives, Bjarne (${stage.bjarne.number}) acts.`,
  )
  report.say('> what was sent  < what came back  = what was found without asking anyone  | a text as it was shown')
  try {
    await doMainJob(stage, report)
  } catch (error) {
    if (!(error instanceof WrongOutcome)) throw error
    report.say('The later steps rest on this one and were not tried.')
  }
  const right = report.right()
  report.say(`${right} of ${STEPS} steps came out as they must.`)
  return right === STEPS
}

/** `npm run demo`: exit code 0 only if every step came out as it must. */
async function demo(): Promise<number> {
  let place: Place | undefined
  try {
    place = await findPlace()
    const { leave } = place
    process.once('SIGINT', () => void leave().then(() => process.exit(130)))
    return (await playIn(place)) ? 0 : 1
  } catch (error) {
    const { whyNot } = await import('./why-not.js')
    console.error(`The demo came to nothing. ${whyNot(error, DATA_FOLDER)}`)
    return 1
  } finally {
    await place?.leave()
  }
}

process.exitCode = await demo()
