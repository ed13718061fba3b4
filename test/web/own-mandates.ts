import type { Visitor } from '../support/visitors.js'

export interface OwnMandate {
  readonly mandate_id: string
  readonly state: string
  readonly version: number
}

/** The mandates that someone sees, latest first. */
export async function mandatesOf(visitor: Visitor): Promise<readonly OwnMandate[]> {
  const { body } = (await visitor.get('/v1/me/mandates')) as { readonly body: { mandates: OwnMandate[] } }
  return body.mandates
}
