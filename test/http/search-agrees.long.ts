import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ACTIONS } from '../../src/domain/catalogue.js'
import type { Answer } from '../support/visitors.js'
import { Questions, expectNoNumberNorId, idsIn } from './authzen-questions.js'
import { PEOPLE, SERVICES, type World, startWorld } from './authzen-world.js'

let world: World
let questions: Questions

beforeAll(async () => {
  world = await startWorld()
  questions = await Questions.about(world)
}, 60_000)
afterAll(async () => {
  await world.stop()
  expect(world.parts.faults).toEqual([])
})

/** Everything that a search has answered here. */
const answers: unknown[] = []

async function search(what: string, body: object): Promise<Answer> {
  const answer = await world.nav.post(`/access/v1/search/${what}`, body)
  answers.push(answer.body)
  return answer
}

/** Those pairs of everybody with everybody that evaluation allows, as `actor principal service action`. */
async function allowedByEvaluation(): Promise<Set<string>> {
  const allowed = new Set<string>()
  const asked = PEOPLE.flatMap((actor) => SEARCHED.map((service) => ({ actor, service })))
  const tokens = new Map<string, string>()
  for (const { actor, service } of asked) {
    // Login tokens live for two minutes: each is fetched when it is needed.
    if (!tokens.has(actor)) tokens.set(actor, await world.nav.idTokenOf(actor))
    const pairs = PEOPLE.flatMap((principal) => ACTIONS.map((action) => ({ principal, action })))
    const { status, body } = await world.nav.post('/access/v1/evaluations', {
      subject: { type: 'person', id: world.numberOf(actor) },
      context: { login_token: tokens.get(actor) },
      evaluations: pairs.map(({ principal, action }) => ({
        action: { name: action },
        resource: { type: 'person', id: questions.handleOf(principal), properties: { service } },
      })),
    })
    expect(status).toBe(200)
    for (const [place, { principal, action }] of pairs.entries()) {
      if (body.evaluations[place].decision === true) allowed.add([actor, principal, service, action].join(' '))
    }
  }
  return allowed
}

/** `.ci/run` asks in every service of the world: `FULLMAKT_SEARCHED=all`. */
const SEARCHED =
  process.env['FULLMAKT_SEARCHED'] === 'all' ? SERVICES : ['nav.pension', 'tax.return', 'muni.building', 'muni.school']

/** The search for actions is asked in every third service of each pair, another third for the next. */
function isActionSearched(actor: string, principal: string, service: string): boolean {
  return (PEOPLE.indexOf(actor) + PEOPLE.indexOf(principal) + SEARCHED.indexOf(service)) % 3 === 0
}

test('search answers what evaluation answers, for everybody with everybody', async () => {
  const allowed = await allowedByEvaluation()
  const found = { resource: new Set<string>(), subject: new Set<string>(), action: new Set<string>() }
  const names = new Map([...questions.handles].map(([id, handle]) => [`person ${handle}`, id]))
  const nameIn = (entity: string): string => {
    const id = names.get(entity)
    if (id === undefined) throw new Error('someone was found who is not in this world')
    return id
  }
  for (const one of PEOPLE) {
    const token = await world.nav.idTokenOf(one)
    await Promise.all(
      SEARCHED.map(async (service) => {
        for (const action of ACTIONS) {
          for (const entity of idsIn(await search('resource', questions.principals(one, token, service, action)))) {
            found.resource.add([one, nameIn(entity), service, action].join(' '))
          }
          for (const entity of idsIn(await search('subject', questions.representatives(one, token, service, action)))) {
            found.subject.add([nameIn(entity), one, service, action].join(' '))
          }
        }
        for (const other of PEOPLE) {
          if (!isActionSearched(one, other, service)) continue
          const { status, body } = await search('action', questions.actions(one, other, token, service))
          expect(status).toBe(200)
          for (const { name } of body.results) found.action.add([one, other, service, name].join(' '))
        }
      }),
    )
  }
  expect([...found.resource].sort()).toEqual([...allowed].sort())
  expect([...found.subject].sort()).toEqual([...allowed].sort())
  const searched = [...allowed].filter((line) => {
    const [actor = '', principal = '', service = ''] = line.split(' ')
    return isActionSearched(actor, principal, service)
  })
  expect(searched.length).toBeGreaterThan(10)
  expect([...found.action].sort()).toEqual(searched.sort())
  // The world has what it is meant to have: each basis once, and what only all may do together in none of the lists.
  const has = (...words: string[]): boolean => allowed.has(words.join(' '))
  expect([
    has('turid-tveit', 'turid-tveit', 'nav.pension', 'read'),
    has('berit-haugen', 'astrid-haugen', 'nav.pension', 'read'),
    has('berit-haugen', 'astrid-haugen', 'tax.return', 'read'),
    has('bjarne-aas', 'turid-tveit', 'muni.building', 'read'),
    has('silje-berge', 'emma-berge', 'muni.school', 'write'),
    has('hedda-lind', 'aksel-lind', 'nav.pension', 'read'),
  ]).toEqual([true, true, true, true, true, true])
  expect([
    has('silje-berge', 'emma-berge', 'tax.return', 'sign'),
    has('bjarne-aas', 'turid-tveit', 'muni.building', 'sign'),
    has('hanne-lunde', 'per-lunde', 'nav.pension', 'read'),
    has('hedda-lind', 'aksel-lind', 'muni.school', 'read'),
  ]).toEqual([false, false, false, false])
}, 180_000)

test('no answer holds a number, nor an id of ours but that of the entry', () => {
  expect(answers.length).toBeGreaterThan(1000)
  expectNoNumberNorId(answers)
})
