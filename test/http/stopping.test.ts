import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { testService } from '../support/service.js'

test('a connection on which nothing is ever asked does not keep the service from stopping', async () => {
  const parts = await testService()
  const silent = connect(Number(new URL(parts.url).port))
  await once(silent, 'connect')
  // Comes after it, so the service has taken it.
  expect((await fetch(`${parts.url}/.well-known/oauth-authorization-server`)).status).toBe(200)
  const closed = once(silent, 'close')
  await parts.stop()
  await closed
  expect(parts.faults).toEqual([])
})
