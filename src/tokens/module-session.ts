import { createRequire } from 'node:module'
import path from 'node:path'

/** Handles of sessions and objects, as the module gives them out. */
export type Handle = Buffer

interface Attribute {
  readonly type: number
  /** Left out where it is asked for. */
  readonly value?: number | boolean | string | Buffer
}
export type Template = readonly Attribute[]

/** What we use of the package `pkcs11js`. */
export interface Cryptoki {
  load(library: string): void
  C_Initialize(options: { readonly flags: number }): void
  C_Finalize(): void
  C_GetSlotList(withToken: boolean): readonly Handle[]
  C_GetTokenInfo(slot: Handle): { readonly label: string }
  C_OpenSession(slot: Handle, flags: number): Handle
  C_CloseSession(session: Handle): void
  C_Login(session: Handle, user: number, pin: string): void
  C_GenerateKeyPair(
    session: Handle,
    mechanism: { readonly mechanism: number },
    publicKey: Template,
    privateKey: Template,
  ): { readonly publicKey: Handle; readonly privateKey: Handle }
  C_FindObjectsInit(session: Handle, template: Template): void
  C_FindObjects(session: Handle, most: number): readonly Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(session: Handle, object: Handle, template: Template): readonly { readonly value: Buffer }[]
  C_SignInit(session: Handle, mechanism: { readonly mechanism: number }, key: Handle): void
  C_SignAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>
  C_DestroyObject(session: Handle, object: Handle): void
}

/** Where the module is, and how one logs in to it. */
export interface ModuleAddress {
  /** The vendor's library, e.g. `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly library: string
  /** Label of the token in it. */
  readonly token: string
  readonly pin: string
}

/** Numbers of PKCS #11 version 2.40 (OASIS). */
const OS_LOCKING = 0x2
const SERIAL_SESSION = 0x4
const READ_WRITE = 0x2
const USER = 1
const ALREADY_LOGGED_IN = 0x100

const SESSIONS = 4

/**
 * Loads the binding. It is compiled at its installation, so it is a package of its own that only those install who have a
 * module: `npm ci --prefix pkcs11`.
 */
function loadBinding(): Cryptoki {
  const require = createRequire(path.resolve('pkcs11', 'package.json'))
  const { PKCS11 } = require('pkcs11js') as { PKCS11: new () => Cryptoki }
  return new PKCS11()
}

/** Sessions with a PKCS #11 module. A session does one thing at a time, so there are a few; when one fails, all that are idle are given up. */
export class ModuleSessions {
  private readonly idle: Handle[] = []
  private readonly waiting: (() => void)[] = []
  private busy = 0

  private constructor(
    private readonly cryptoki: Cryptoki,
    private readonly slot: Handle,
    private readonly pin: string,
  ) {}

  /** @throws Error when library, token or PIN are not right; the PIN is in no message. */
  static start({ library, token, pin }: ModuleAddress): ModuleSessions {
    const cryptoki = loadBinding()
    cryptoki.load(library)
    cryptoki.C_Initialize({ flags: OS_LOCKING })
    try {
      const slot = cryptoki.C_GetSlotList(true).find((one) => cryptoki.C_GetTokenInfo(one).label.trim() === token)
      if (slot === undefined) throw new Error(`the PKCS #11 module has no token called ${token}`)
      const sessions = new ModuleSessions(cryptoki, slot, pin)
      sessions.idle.push(sessions.newSession())
      return sessions
    } catch (error) {
      cryptoki.C_Finalize()
      throw error
    }
  }

  /** Does this in a session that nobody else uses meanwhile. */
  async use<T>(work: (cryptoki: Cryptoki, session: Handle) => T | Promise<T>): Promise<T> {
    while (this.busy === SESSIONS) await new Promise<void>((free) => this.waiting.push(free))
    this.busy++
    let session = this.idle.pop()
    try {
      session ??= this.newSession()
      const result = await work(this.cryptoki, session)
      this.idle.push(session)
      return result
    } catch (error) {
      for (const failed of [...(session === undefined ? [] : [session]), ...this.idle.splice(0)]) this.giveUp(failed)
      throw error
    } finally {
      this.busy--
      this.waiting.shift()?.()
    }
  }

  close(): void {
    this.cryptoki.C_Finalize()
  }

  private newSession(): Handle {
    const session = this.cryptoki.C_OpenSession(this.slot, SERIAL_SESSION | READ_WRITE)
    try {
      // All sessions of a program share one login, which is lost with the last of them.
      this.cryptoki.C_Login(session, USER, this.pin)
    } catch (error) {
      if ((error as { code?: number }).code !== ALREADY_LOGGED_IN) throw error
    }
    return session
  }

  private giveUp(session: Handle): void {
    try {
      this.cryptoki.C_CloseSession(session)
    } catch {
      // It was gone already.
    }
  }
}
