import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { CookieJar } from '../../standins/cookie-jar.js'
import { follow, tokensFor } from '../../standins/headless-login.js'
import { startIdporten } from '../../standins/idporten.js'
import { PeopleRegistry } from '../../standins/people-registry.js'
import { everyone, startStage, type Stage } from './relying-parties.js'

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.stop())

function logoutUrl(parameters: Readonly<Record<string, string>>): string {
  return `${stage.idporten.issuer}/logout?${new URLSearchParams(parameters).toString()}`
}

async function loggedIn(id: string) {
  const cookies = new CookieJar()
  const first = await tokensFor(stage.idporten.issuer, stage.service, { id }, { cookies })
  const second = await tokensFor(stage.idporten.issuer, stage.other, { id }, { cookies })
  return { cookies, tokens: [first.id_token, second.id_token] as const }
}

async function mustLogInAgain(cookies: CookieJar): Promise<boolean> {
  const { visited } = await tokensFor(stage.idporten.issuer, stage.other, { id: 'jon-dahl' }, { cookies })
  return visited.some((url) => url.includes('/interaction/'))
}

describe('a logout that one service starts', () => {
  test('ends the session, tells every service of it, and returns to where the first asked', async () => {
    const { cookies, tokens } = await loggedIn('anne-dahl')
    const after = `${stage.origin}/service/logged-out`
    const parameters = { id_token_hint: tokens[0], post_logout_redirect_uri: after, state: 'back again' }
    const { finalUrl } = await follow(logoutUrl(parameters), cookies)

    expect(finalUrl.split('?')[0]).toBe(after)
    expect(new URL(finalUrl).searchParams.get('state')).toBe('back again')
    expect(await mustLogInAgain(cookies)).toBe(true)
    const keys = createRemoteJWKSet(new URL(`${stage.idporten.issuer}/jwks.json`))
    const ended = await Promise.all(
      stage.logouts.map(async ({ client, token }) => {
        const options = { issuer: stage.idporten.issuer, audience: client, typ: 'logout+jwt', algorithms: ['RS256'] }
        return (await jwtVerify(token, keys, options)).payload
      }),
    )
    expect(new Set(ended.map((claims) => claims['sid']))).toEqual(new Set(tokens.map((t) => decodeJwt(t)['sid'])))
    for (const claims of ended) {
      expect(claims['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
      expect(claims.jti).toEqual(expect.any(String))
      expect(claims).not.toHaveProperty('nonce')
      expect(JSON.stringify(claims)).not.toContain(stage.people.find('anne-dahl')?.identityNumber)
    }
  })

  test('asks the person first where no ID token proves who wants it', async () => {
    const { cookies } = await loggedIn('jon-dahl')
    const page = await cookies.fetch(new URL(logoutUrl({})))
    expect(page.headers.get('content-security-policy')).not.toContain('script-src')
    const text = await page.text()
    expect(text).toContain('Vil du logge ut av alle tjenester?')
    expect(text).not.toContain('<script')
    expect(await mustLogInAgain(cookies)).toBe(false)
  })

  test('does not return to an address that is not registered', async () => {
    const { cookies, tokens } = await loggedIn('jon-dahl')
    const parameters = { id_token_hint: tokens[0], post_logout_redirect_uri: 'http://localhost:1/' }
    await expect(follow(logoutUrl(parameters), cookies)).rejects.toThrow('post_logout_redirect_uri not registered')
  })
})

test('a logout message goes to no origin that was not named', async () => {
  const { origin } = stage
  const before = stage.logouts.length
  const client = { clientId: 'quiet', redirectUri: `${origin}/quiet/callback` }
  const quiet = await startIdporten({
    port: 0,
    people: new PeopleRegistry(everyone()),
    allowedLogoutOrigins: ['http://localhost:1'],
    clients: [
      {
        client_id: client.clientId,
        redirect_uris: [client.redirectUri],
        post_logout_redirect_uris: [`${origin}/quiet/logged-out`],
        backchannel_logout_uri: `${origin}/quiet/backchannel-logout`,
        token_endpoint_auth_method: 'none',
      },
    ],
  })
  const { cookies, id_token } = await tokensFor(quiet.issuer, client, { id: 'jon-dahl' })
  const parameters = { id_token_hint: id_token, post_logout_redirect_uri: `${origin}/quiet/logged-out` }
  const { finalUrl } = await follow(`${quiet.issuer}/logout?${new URLSearchParams(parameters).toString()}`, cookies)
  await quiet.stop()
  expect(finalUrl).toBe(`${origin}/quiet/logged-out`)
  expect(stage.logouts).toHaveLength(before)
  await expect(fetch(quiet.issuer)).rejects.toThrow()
})
