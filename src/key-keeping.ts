import type { KeyCustodyConfig } from './config.js'
import type { Database } from './store/database.js'
import { makeMissingKeys } from './tokens/key-changes.js'
import type { KeyCustody } from './tokens/key-custody.js'
import { type FollowedKeys, followSigningKeys } from './tokens/key-reading.js'
import { ModuleKeys } from './tokens/module-keys.js'
import { SoftwareKeys } from './tokens/software-keys.js'

type LogFault = (fault: { readonly requestId: string; readonly error: unknown }) => void

/**
 * Gets at the private keys, makes those that are missing, and follows what becomes of them.
 *
 * @throws CustodyError when a key that is in use cannot be got at; Error when the module cannot be used.
 */
export async function startKeys(
  { databaseUrl, keyCustody }: { readonly databaseUrl: string; readonly keyCustody: KeyCustodyConfig },
  db: Database,
  logFault: LogFault,
): Promise<FollowedKeys> {
  const custody = openCustody(keyCustody)
  try {
    await makeMissingKeys({ db, custody })
    const onFault = (error: unknown): void => logFault({ requestId: 'signing keys', error })
    const followed = await followSigningKeys(db, { databaseUrl, custody, onFault })
    return { keys: followed.keys, stop: () => followed.stop().finally(() => custody.close()) }
  } catch (error) {
    await custody.close()
    throw error
  }
}

/**
 * Each key is opened where it was made, so that one can move from software to a module by rotating; new ones are made in
 * the module where there is one.
 *
 * @throws Error when the module cannot be used.
 */
export function openCustody({ encryptionKeys, module }: KeyCustodyConfig): KeyCustody {
  const software = new SoftwareKeys(encryptionKeys)
  if (module === null) return software
  const inModule = ModuleKeys.start(module)
  const custodyOf = ({ label }: { readonly label: string | null }): KeyCustody => (label === null ? software : inModule)
  return {
    make: (purpose) => inModule.make(purpose),
    open: (key) => custodyOf(key).open(key),
    destroy: (key) => custodyOf(key).destroy(key),
    close: () => inModule.close(),
  }
}
