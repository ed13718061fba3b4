import { expect } from '@jest/globals'
import { ensureHandles } from '../../src/store/handle-store.js'
import type { Answer } from '../support/visitors.js'
import { PEOPLE, type World } from './authzen-world.js'

type Members = Readonly<Record<string, unknown>>

interface Entity {
  readonly type: string
  readonly id: string
}

/** What the searches are asked about the people of a world. */
export class Questions {
  private constructor(
    private readonly world: World,
    /** Under which nav-web knows each of them, by their names here. */
    readonly handles: ReadonlyMap<string, string>,
  ) {}

  static async about(world: World): Promise<Questions> {
    const made = await ensureHandles(world.admin, 'nav-web', PEOPLE.map(world.partyOf), [])
    return new Questions(world, new Map(PEOPLE.map((id) => [id, made.ofParty(world.partyOf(id))])))
  }

  handleOf(id: string): string {
    const handle = this.handles.get(id)
    if (handle === undefined) throw new Error(`no handle was made for ${id}`)
    return handle
  }

  principals(actor: string, token: string, service: string, action: string, page: Members = {}): Members {
    return {
      subject: { type: 'person', id: this.world.numberOf(actor) },
      action: { name: action },
      resource: { type: 'person', properties: { service } },
      context: { login_token: token },
      page,
    }
  }

  representatives(principal: string, token: string, service: string, action: string): Members {
    return {
      subject: { type: 'person' },
      action: { name: action },
      resource: { type: 'person', id: this.handleOf(principal), properties: { service } },
      context: { login_token: token },
    }
  }

  actions(actor: string, principal: string, token: string, service: string): Members {
    return {
      subject: { type: 'person', id: this.world.numberOf(actor) },
      resource: { type: 'person', id: this.handleOf(principal), properties: { service } },
      context: { login_token: token },
    }
  }
}

/** Whom or what a search has found, in order. */
export function idsIn(answer: Answer): string[] {
  expect(answer.status).toBe(200)
  return (answer.body.results as Entity[]).map(({ type, id }) => `${type} ${id}`).sort()
}

/** But for the id of the entry in the log, which whoever searched may quote. */
export function expectNoNumberNorId(answers: readonly unknown[]): void {
  const texts = answers.map((answer) =>
    JSON.stringify(answer, (name, value: unknown) => (name === 'search_id' ? 0 : value)),
  )
  expect(texts.filter((text) => /\b\d{11}\b/.test(text))).toEqual([])
  expect(texts.filter((text) => /[\da-f]{8}-[\da-f]{4}-/.test(text))).toEqual([])
}
