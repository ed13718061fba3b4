import type { Adapter, AdapterFactory, AdapterPayload, ClientMetadata } from 'oidc-provider'

/** More than a long test or bench needs at once, and no more than some tens of megabytes. */
const MOST_ENTRIES = 50_000

interface Entry {
  readonly payload: AdapterPayload
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

/**
 * Where the provider keeps its sessions, codes and grants while it runs: in memory, each to its end of life, the oldest
 * dropped when there are too many. The clients come this way too: given as configuration they would be copied by
 * `structuredClone`, and under jest, with globals of its own, the provider refuses the copies' keys as no plain objects.
 */
export function memoryAdapter(clients: ReadonlyMap<string, ClientMetadata>): AdapterFactory {
  const entries = new Map<string, Entry>()
  return (model) => (model === 'Client' ? clientAdapter(clients) : modelAdapter(model, entries))
}

function modelAdapter(model: string, entries: Map<string, Entry>): Adapter {
  const key = (id: string): string => `${model}:${id}`
  const read = (at: string): AdapterPayload | undefined => {
    const entry = entries.get(at)
    return entry !== undefined && entry.endsAt > Date.now() ? entry.payload : undefined
  }
  const write = (at: string, payload: AdapterPayload, seconds: number): void => {
    entries.delete(at)
    entries.set(at, { payload, endsAt: Date.now() + seconds * 1000 })
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST_ENTRIES) break
      entries.delete(oldest)
    }
  }
  return {
    upsert: (id, payload, expiresIn = 3600) => {
      write(key(id), payload, expiresIn)
      if (payload.uid !== undefined) write(`${model}:uid:${payload.uid}`, payload, expiresIn)
      return Promise.resolve()
    },
    find: (id) => Promise.resolve(read(key(id))),
    findByUid: (uid) => Promise.resolve(read(`${model}:uid:${uid}`)),
    findByUserCode: () => Promise.resolve(undefined),
    consume: (id) => {
      const payload = read(key(id))
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
      return Promise.resolve()
    },
    destroy: (id) => {
      const uid = read(key(id))?.uid
      entries.delete(key(id))
      if (uid !== undefined) entries.delete(`${model}:uid:${uid}`)
      return Promise.resolve()
    },
    revokeByGrantId: (grantId) => {
      for (const [at, { payload }] of entries) {
        if (at.startsWith(`${model}:`) && payload.grantId === grantId) entries.delete(at)
      }
      return Promise.resolve()
    },
  }
}

function clientAdapter(clients: ReadonlyMap<string, ClientMetadata>): Adapter {
  const none = () => Promise.resolve(undefined)
  return {
    find: (id) => Promise.resolve(clients.get(id)),
    upsert: none,
    findByUid: none,
    findByUserCode: none,
    consume: none,
    destroy: none,
    revokeByGrantId: none,
  }
}
