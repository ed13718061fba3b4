import { afterEach, describe, expect, test } from '@jest/globals'
import { Enhetsregisteret } from '../../src/registers/enhetsregisteret.js'
import { readRoleDocument } from '../../src/registers/role-document.js'
import {
  IMPATIENT,
  NUMBERS,
  type RegisterServer,
  type Reply,
  TOKENS,
  faultOf,
  json,
  startRegister,
  status,
} from './register-server.js'

const ORGNR = '889640782'

const role = (code: string, rest: object): unknown => ({
  type: { kode: code, beskrivelse: 'x' },
  fratraadt: false,
  avregistrert: false,
  rekkefolge: 0,
  ...rest,
})
const person = (rest: object = { fodselsnummer: NUMBERS.mother }): object => ({
  person: { fodselsdato: '1970-01-01', navn: { fornavn: 'Kari', etternavn: 'Nordmann' }, erDoed: false, ...rest },
})
const unit = (rest: object = {}): object => ({ enhet: { organisasjonsnummer: '972412112', navn: ['X'], ...rest } })
const groups = (...roller: unknown[]): unknown => ({ rollegrupper: [{ type: { kode: 'STYR' }, roller }], _links: {} })

describe('a document of roles', () => {
  test.each<[string, unknown, unknown]>([
    ['a person', role('DAGL', person()), { code: 'DAGL', holder: { by: 'person', number: NUMBERS.mother }, order: 0 }],
    [
      'an organisation',
      role('REVI', unit()),
      { code: 'REVI', holder: { by: 'organisation', orgnr: '972412112' }, order: 0 },
    ],
    ['a person without a number', role('MEDL', person({})), { code: 'MEDL', holder: { by: 'unidentified' }, order: 0 }],
    ['nobody', role('MEDL', {}), { code: 'MEDL', holder: { by: 'unidentified' }, order: 0 }],
    [
      'a code that we do not know',
      role('FFØR', unit()),
      { code: 'FFØR', holder: { by: 'organisation', orgnr: '972412112' }, order: 0 },
    ],
    [
      'marks that are missing',
      { type: { kode: 'LEDE' }, ...person() },
      { code: 'LEDE', holder: { by: 'person', number: NUMBERS.mother }, order: null },
    ],
  ])('names %s', (_, row, expected) => {
    expect(readRoleDocument(groups(row))).toEqual([expected])
  })

  test.each([
    ['resigned', role('LEDE', { ...person(), fratraadt: true })],
    ['struck', role('LEDE', { ...person(), avregistrert: true })],
    ['of the dead', role('LEDE', person({ fodselsnummer: NUMBERS.mother, erDoed: true }))],
    ['of an organisation that is no more', role('REVI', unit({ erSlettet: true }))],
  ])('leaves out roles %s', (_, row) => {
    expect(readRoleDocument(groups(row))).toEqual([])
  })

  test('knows roles in several groups, the same one once, and that there may be none', () => {
    const document = {
      rollegrupper: [
        { roller: [role('LEDE', person())] },
        { roller: [role('SIGN', person()), role('SIGN', person())] },
        {},
      ],
    }
    expect(readRoleDocument(document).map(({ code }) => code)).toEqual(['LEDE', 'SIGN'])
    expect(readRoleDocument({ rollegrupper: [] })).toEqual([])
  })

  test.each<[string, unknown]>([
    ['no groups', {}],
    ['a role without a code', groups(role('', person()))],
    ['a role without a type', groups({ ...person() })],
    ['a number that is none', groups(role('LEDE', person({ fodselsnummer: '123' })))],
    ['a mark that is neither', groups(role('LEDE', { ...person(), fratraadt: 'nei' }))],
    ['a person and an organisation', groups(role('LEDE', { ...person(), ...unit() }))],
    ['no object', []],
  ])('is malformed with %s', (_, document) => {
    expect(() => readRoleDocument(document)).toThrow(/^enhetsregisteret: malformed/)
  })
})

describe('the client', () => {
  let server: RegisterServer
  afterEach(() => server.stop())

  async function enhetsregisteret(...replies: Reply[]): Promise<Enhetsregisteret> {
    server = await startRegister(...replies)
    return new Enhetsregisteret({ address: server.address, tokens: TOKENS, patience: IMPATIENT, scope: 'brreg:roles' })
  }

  const main = { organisasjonsnummer: ORGNR, navn: 'NAV', slettedato: undefined as string | undefined }

  test('asks for the unit in the open and for its roles with a token', async () => {
    const register = await enhetsregisteret(json(main), json(groups(role('DAGL', person()))))
    await expect(register.organisation(ORGNR)).resolves.toEqual({
      orgnr: ORGNR,
      name: 'NAV',
      ceased: false,
      roles: [{ code: 'DAGL', holder: { by: 'person', number: NUMBERS.mother }, order: 0 }],
    })
    expect(server.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [`/api/enheter/${ORGNR}`, undefined],
      [`/autorisert-api/enheter/${ORGNR}/roller`, 'Bearer a-token'],
    ])
  })

  test.each<[string, Reply, unknown]>([
    ['nobody knows it', status(404), 'unknown'],
    ['it was removed', status(410), { orgnr: ORGNR, name: null, ceased: true, roles: [] }],
    [
      'it was struck off',
      json({ ...main, slettedato: '2026-01-01' }),
      { orgnr: ORGNR, name: 'NAV', ceased: true, roles: [] },
    ],
  ])('asks for no roles when %s', async (_, reply, expected) => {
    const register = await enhetsregisteret(reply)
    await expect(register.organisation(ORGNR)).resolves.toEqual(expected)
    expect(server.asked).toHaveLength(1)
  })

  test.each<[string, Reply[], string]>([
    ['a unit whose roles are missing', [json(main), status(404)], 'incomplete'],
    ['a unit whose roles are gone', [json(main), status(410)], 'incomplete'],
    ['another unit', [json({ ...main, organisasjonsnummer: '972412112' })], 'unasked'],
    ['a unit without a name', [json({ organisasjonsnummer: ORGNR })], 'malformed'],
    ['no right to the numbers', [json(main), status(403)], 'refused'],
  ])('names a fault: %s', async (_, replies, code) => {
    const register = await enhetsregisteret(...replies)
    expect((await faultOf(register.organisation(ORGNR))).code).toBe(code)
  })

  test('takes nothing but an organisation number', async () => {
    const register = await enhetsregisteret()
    await expect(register.organisation(`${ORGNR}/../x`)).rejects.toThrow(TypeError)
  })

  const change = (id: unknown): unknown => ({
    id,
    type: 'x',
    time: '2026-05-27T12:30:00Z',
    data: { organisasjonsnummer: ORGNR },
  })

  test('reads changes after an id, or since an instant', async () => {
    const register = await enhetsregisteret(json([change('6'), change('9')]), json([]), json([change(3)]), json([]))
    const at = new Date('2026-05-27T12:30:00Z')
    await expect(register.roleChanges(5)).resolves.toEqual({
      changes: [
        { id: 6, orgnr: ORGNR, at },
        { id: 9, orgnr: ORGNR, at },
      ],
      after: 9,
    })
    await expect(register.roleChanges(9)).resolves.toEqual({ changes: [], after: 9 })
    await expect(register.roleChanges(at)).resolves.toMatchObject({ after: 3 })
    await expect(register.roleChanges(at)).resolves.toEqual({ changes: [], after: null })
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/api/oppdateringer/roller?afterId=5&size=1000',
      '/api/oppdateringer/roller?afterId=9&size=1000',
      '/api/oppdateringer/roller?afterTime=2026-05-27T12%3A30%3A00.000Z&size=1000',
      '/api/oppdateringer/roller?afterTime=2026-05-27T12%3A30%3A00.000Z&size=1000',
    ])
  })

  test.each<[string, unknown, string]>([
    ['an id that was asked after', [change('5')], 'out_of_order'],
    ['the same id twice', [change('6'), change('6')], 'out_of_order'],
    ['ids that decrease', [change('7'), change('6')], 'out_of_order'],
    ['no id', [change(null)], 'malformed'],
    ['no organisation', [{ id: '6', data: {} }], 'malformed'],
    ['no list', { _embedded: [] }, 'malformed'],
  ])('names a fault in the changes: %s', async (_, body, code) => {
    const register = await enhetsregisteret(json(body))
    expect((await faultOf(register.roleChanges(5))).code).toBe(code)
  })
})
