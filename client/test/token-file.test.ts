import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Expected, remoteKeys, remoteStatuses, TokenRefused, verify } from '../src/verify.js'

/** What is asked of a token, as `conformance/tokens/README.md` says. */
type Asked = Omit<Expected, 'keys' | 'statuses' | 'issuer' | 'now' | 'proof' | 'introspect'> & { readonly now: string }

interface Row {
  readonly id: string
  readonly title: string
  readonly token: string
  readonly asked?: Partial<Asked>
}

interface TokenFile {
  readonly issuer: string
  readonly asked: Asked
  readonly jwks: unknown
  readonly statusLists: Readonly<Record<string, string>>
  readonly good: readonly (Row & { readonly result: unknown })[]
  readonly bad: readonly (Row & { readonly refused: string })[]
}

const folder = path.resolve('conformance', 'tokens')
const file = JSON.parse(await readFile(path.join(folder, 'tokens.json'), 'utf8')) as TokenFile

/** The issuer, as far as a verifier meets it. */
function answer(address: string): Response {
  if (address === `${file.issuer}/jwks`) return Response.json(file.jwks)
  const list = file.statusLists[address]
  return list === undefined ? new Response(null, { status: 404 }) : new Response(list)
}

const keys = remoteKeys(new URL('/jwks', file.issuer))
const statuses = remoteStatuses(file.issuer, keys)

function check({ token, asked }: Row): Promise<unknown> {
  const { now, ...rest } = { ...file.asked, ...asked }
  return verify(token, {
    keys,
    statuses,
    issuer: file.issuer,
    proof: null,
    introspect: null,
    now: new Date(now),
    ...rest,
  })
}

beforeAll(() => {
  jest.spyOn(globalThis, 'fetch').mockImplementation((address) => Promise.resolve(answer(address as string)))
})
afterAll(() => {
  jest.restoreAllMocks()
})

describe('the tokens that every verifier must tell apart', () => {
  test('are 200 that hold and 200 that do not, no two alike', () => {
    const rows: readonly Row[] = [...file.good, ...file.bad]
    expect([file.good.length, file.bad.length]).toEqual([200, 200])
    expect(new Set(rows.map(({ title }) => title)).size).toBe(400)
    expect(new Set(rows.map(({ token, asked }) => JSON.stringify([token, asked]))).size).toBe(400)
  })

  test.each(file.good)('holds: $id $title', async (row) => {
    expect(await check(row)).toMatchObject(row.result as object)
  })

  test.each(file.bad)('refused: $id $title → $refused', async (row) => {
    const outcome = await check(row).catch((error: unknown) => error)
    expect(outcome).toBeInstanceOf(TokenRefused)
    expect(outcome).toMatchObject({ code: row.refused })
  })

  test('are what the tables make', () => {
    const script = `import { tokenFile } from './build.mjs'; process.stdout.write(JSON.stringify(tokenFile()))`
    const options = { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 24 } as const
    const made = execFileSync(process.execPath, ['--input-type=module', '-e', script], options)
    expect(comparable(JSON.parse(made) as TokenFile)).toEqual(comparable(file))
  })
})

/** One list may be compressed in many ways, and which one is taken is the library's: the bytes themselves are left out. */
function comparable({ statusLists, ...rest }: TokenFile): unknown {
  const opened = Object.entries(statusLists).map(([uri, list]) => {
    const [header = '', payload = ''] = list.split('.')
    return [
      uri,
      header,
      Buffer.from(payload, 'base64url')
        .toString()
        .replace(/"lst":"[^"]*"/, '"lst"'),
    ]
  })
  return { ...rest, opened }
}
