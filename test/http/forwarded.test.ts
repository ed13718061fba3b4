import { expect, test } from '@jest/globals'
import { testService } from '../support/service.js'

test('behind a proxy that adds to X-Forwarded-For, only what the proxy added counts', async () => {
  const parts = await testService({ TRUST_PROXY: 'true', REQUESTS_PER_MINUTE: '5' })
  try {
    const statuses: number[] = []
    for (let i = 0; i < 8; i++) {
      const headers = { 'x-forwarded-for': `203.0.113.${i}, 198.51.100.7` }
      statuses.push((await fetch(`${parts.url}/livez`, { headers })).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    const other = await fetch(`${parts.url}/livez`, { headers: { 'x-forwarded-for': '198.51.100.8' } })
    expect(other.status).toBe(200)
  } finally {
    await parts.stop()
  }
})
