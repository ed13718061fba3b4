import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { testService } from '../support/service.js'

test('a connection on which nothing is ever asked is let go when the service stops; what is under way is answered', async () => {
  const parts = await testService()
  const port = Number(new URL(parts.url).port)
  const [silent, asking] = [connect(port), connect(port)]
  await Promise.all([once(silent, 'connect'), once(asking, 'connect')])
  asking.write(
    'POST /oauth2/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n',
  )
  // Comes after them, so the service has taken both.
  expect((await fetch(`${parts.url}/.well-known/oauth-authorization-server`)).status).toBe(200)
  const answered = once(asking, 'data')
  const stopping = parts.stop()
  await once(silent, 'close')
  asking.write('{')
  expect(String(await answered)).toMatch(/^HTTP\/1\.1 400 /)
  await stopping
  expect(parts.faults).toEqual([])
})
