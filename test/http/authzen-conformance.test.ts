import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { FactoryProvider } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from '../../src/app.module.js'
import { Authzen } from '../../src/decisions/authzen.js'
import { createServer } from '../../src/http/server.js'
import { readTextFiles } from '../../src/registers/text-files.js'
import { SigningKeys } from '../../src/tokens/signing-keys.js'
import { type TestService, testService } from '../support/service.js'
import { RelyingService } from '../support/visitors.js'
import { ScenarioAuthzen } from './authzen-fixture.js'

const FOLDER = process.env['VECTORS_DIR'] ?? path.join('..', 'shared', 'vectors')
const RUNNER = path.join(FOLDER, 'authzen', 'run.mjs')
const withVectors = existsSync(RUNNER) ? test : test.skip

let parts: TestService
let app: NestFastifyApplication
let url: string
let accessToken: string
const faults: unknown[] = []

/** The service with all its doors, but for the one class that reads AuthZEN's requests as questions of ours. */
async function scenarioBehindOurDoors(): Promise<NestFastifyApplication> {
  const texts = await readTextFiles('texts')
  const signingKeys = parts.service.app.get(SigningKeys)
  const module = AppModule.with(parts.config, { database: parts.database, signingKeys, texts })
  const providers = (module.providers ?? []).map((provider) =>
    (provider as FactoryProvider).provide === Authzen
      ? { provide: Authzen, useValue: new ScenarioAuthzen() }
      : provider,
  )
  return createServer(
    { ...module, providers },
    {
      ...parts.config,
      problemTitles: texts.problems,
      logRequest: () => undefined,
      logFault: ({ error }) => faults.push(error),
    },
  )
}

beforeAll(async () => {
  if (!existsSync(RUNNER)) console.warn(`no vectors in ${FOLDER}: set VECTORS_DIR to run the AuthZEN conformance suite`)
  parts = await testService()
  accessToken = await (await RelyingService.open(parts, 'nav-web')).accessToken()
  app = await scenarioBehindOurDoors()
  await app.listen(0, '127.0.0.1')
  url = await app.getUrl()
})
afterAll(async () => {
  await app.close()
  await parts.stop()
  expect([...faults, ...parts.faults]).toEqual([])
})

function run(suite: string): Promise<string> {
  const call = [RUNNER, suite, url, '--auth', `Bearer ${accessToken}`]
  return new Promise((resolve) => {
    execFile(process.execPath, call, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`))
  })
}

withVectors(
  'the OpenID Foundation’s suite: each of its 126 undisputed tests',
  async () => {
    expect(await run('oidf')).toBe('126 passed, 0 failed, 1 skipped\n')
  },
  60_000,
)

test('the scenario is asked through our own doors: without a token no one comes in, and a member twice is refused', async () => {
  const send = (headers: Readonly<Record<string, string>>, body: string): Promise<Response> =>
    fetch(`${url}/access/v1/evaluation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  expect((await send({}, '{}')).status).toBe(401)
  const twice = await send({ authorization: `Bearer ${accessToken}` }, '{"subject":{},"subject":{}}')
  expect([twice.status, await twice.json()]).toEqual([400, 'a member stands twice in the same object'])
})
