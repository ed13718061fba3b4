import { type Answer, postBounded } from './bounded-fetch.js'
import { CallFailed, failureIn, goodAnswer, reach, unexpected } from './call-failed.js'
import { clientProof, type RegisteredClient } from './client-proof.js'
import { type Fetched, type Held, held } from './held.js'
import { isText, type JsonObject } from './json.js'
import type { Metadata } from './metadata.js'

/** An answer with the powers of two hundred principals is smaller than this. */
const MAXIMUM_BYTES = 4_194_304
/** A token that is about to expire might do so on its way. */
const RENEWED_BEFORE_MS = 30_000

/** Calls that this service makes in its own name. All throw `CallFailed`; none is sent twice, save after a 401. */
export interface IssuerCalls {
  /** A form with the client's own proof, used up by it, to one of the OAuth doors. */
  postForm(
    door: 'token' | 'introspection',
    form: Readonly<Record<string, string>>,
    dpop?: (address: string) => Promise<string>,
  ): Promise<JsonObject>
  /** The client's access token, held until shortly before it runs out. */
  readonly accessToken: () => Promise<string>
  /** A new one, for what goes on for as long as it lives: the one held may have been withdrawn. */
  readonly newAccessToken: () => Promise<string>
  /** JSON with the client's access token. Null for an answer without content. */
  postJson(address: (metadata: Metadata) => string, body: object): Promise<JsonObject | null>
}

export function issuerCalls(issuer: string, metadata: Held<Metadata>, client: RegisteredClient): IssuerCalls {
  const proof = clientProof(issuer, client)

  const postForm: IssuerCalls['postForm'] = async (door, form, dpop) => {
    const address = (await metadata.get())[door]
    const headers = { accept: 'application/json', ...(dpop === undefined ? {} : { dpop: await dpop(address) }) }
    const body = new URLSearchParams({ ...form, ...(await proof()) })
    return goodAnswer(await reach(postBounded(address, headers, body, MAXIMUM_BYTES)))
  }

  async function fetchToken(): Promise<Fetched<string>> {
    const {
      access_token: value,
      expires_in: seconds,
      token_type: type,
    } = await postForm('token', {
      grant_type: 'client_credentials',
    })
    if (!isText(value) || !/^[\w.~+/-]+=*$/.test(value) || typeof seconds !== 'number' || type !== 'Bearer')
      throw unexpected('no access token')
    return { value, holdFor: seconds * 1000 - RENEWED_BEFORE_MS }
  }
  const token = held(fetchToken)

  async function send(address: string, body: string): Promise<Answer> {
    const bearer = await token.get()
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${bearer}`,
    }
    const answer = await reach(postBounded(address, headers, body, MAXIMUM_BYTES))
    if (answer.status === 401) token.drop(bearer)
    return answer
  }

  return {
    postForm,
    accessToken: () => token.get(),
    newAccessToken: async () => (await fetchToken()).value,
    async postJson(addressOf, value) {
      const address = addressOf(await metadata.get())
      const body = JSON.stringify(value)
      let answer = await send(address, body)
      // Whoever was not let in has done nothing, so this may be sent again; the token may be from before a change of keys.
      if (answer.status === 401 && failureIn(answer).code === 'invalid_client_token') answer = await send(address, body)
      return answer.status === 204 ? null : goodAnswer(answer)
    },
  }
}

/** The answer, where there must be one. */
export function contentOf(answer: JsonObject | null): JsonObject {
  if (answer === null) throw new CallFailed('unexpected_answer', 'the issuer answered without content')
  return answer
}
