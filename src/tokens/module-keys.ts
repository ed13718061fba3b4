import { createHash, randomBytes } from 'node:crypto'
import { type JWK, compactVerify } from 'jose'
import type { KeptKey, KeyPurpose } from '../store/signing-key-store.js'
import { CustodyError, type KeyCustody, type Signer, importPublic, kidOf, publicHalf } from './key-custody.js'
import { type Cryptoki, type Handle, type ModuleAddress, ModuleSessions, type Template } from './module-session.js'

/** Numbers of PKCS #11 version 2.40 (OASIS). */
const CLASS = 0x0
const TOKEN = 0x1
const PRIVATE = 0x2
const LABEL = 0x3
const KEY_TYPE = 0x100
const SENSITIVE = 0x103
const SIGN = 0x108
const VERIFY = 0x10a
const EXTRACTABLE = 0x162
const EC_PARAMS = 0x180
const EC_POINT = 0x181
const PUBLIC_KEY = 2
const PRIVATE_KEY = 3
const EC_KEY_TYPE = 3
const EC_KEY_PAIR_GEN = { mechanism: 0x1040 }
const ECDSA = { mechanism: 0x1041 }

/** The object identifier of P-256 in DER, 1.2.840.10045.3.1.7 (RFC 5480). */
const P256 = Buffer.from('06082a8648ce3d030107', 'hex')
const COORDINATE = 32

/** Private keys that never leave a PKCS #11 module: not to be read, not to be copied, made and used in there. */
export class ModuleKeys implements KeyCustody {
  /** Handles of private keys by label. */
  private readonly handles = new Map<string, Handle>()

  private constructor(private readonly sessions: ModuleSessions) {}

  /** @throws Error when the module cannot be used; the PIN is in no message. */
  static start(address: ModuleAddress): ModuleKeys {
    return new ModuleKeys(ModuleSessions.start(address))
  }

  async make(purpose: KeyPurpose): Promise<KeptKey> {
    const label = `${labelFor(purpose)} ${randomBytes(8).toString('hex')}`
    const publicJwk = await this.sessions.use((cryptoki, session) => {
      const pair = cryptoki.C_GenerateKeyPair(session, EC_KEY_PAIR_GEN, publicTemplate(label), privateTemplate(label))
      const [point] = cryptoki.C_GetAttributeValue(session, pair.publicKey, [{ type: EC_POINT }])
      return jwkOf(point?.value ?? Buffer.alloc(0))
    })
    return { kid: await kidOf(publicJwk), purpose, publicJwk, sealed: null, label }
  }

  /** Has the key sign something, since only that shows that the private half there belongs to the public one here. */
  async open(key: KeptKey): Promise<Signer> {
    const { kid, purpose, label } = key
    const isNamed = label?.startsWith(`${labelFor(purpose)} `) === true
    if (label === null || !isNamed || (await kidOf(publicHalf(key.publicJwk))) !== kid) {
      throw new CustodyError(`signing key ${kid}: it is not one that was made in the module for ${purpose}`)
    }
    const signer = { sign: (bytes: Uint8Array) => this.sign(kid, label, bytes) }
    await prove(key, signer)
    return signer
  }

  async destroy({ label }: KeptKey): Promise<void> {
    if (label === null) return
    this.handles.delete(label)
    await this.sessions.use((cryptoki, session) => {
      const objects = [...find(cryptoki, session, PRIVATE_KEY, label), ...find(cryptoki, session, PUBLIC_KEY, label)]
      for (const object of objects) cryptoki.C_DestroyObject(session, object)
    })
  }

  close(): Promise<void> {
    this.sessions.close()
    return Promise.resolve()
  }

  private sign(kid: string, label: string, bytes: Uint8Array): Promise<Uint8Array> {
    const digest = createHash('sha256').update(bytes).digest()
    return this.sessions.use(async (cryptoki, session) => {
      const object = this.handles.get(label) ?? find(cryptoki, session, PRIVATE_KEY, label)[0]
      if (object === undefined) throw new CustodyError(`signing key ${kid}: its private half is not in the module`)
      // Taken out until it has worked: a module that was away may have given it another handle.
      this.handles.delete(label)
      cryptoki.C_SignInit(session, ECDSA, object)
      const signature = await cryptoki.C_SignAsync(session, digest, Buffer.alloc(2 * COORDINATE))
      this.handles.set(label, object)
      return signature
    })
  }
}

function labelFor(purpose: KeyPurpose): string {
  return `fullmakt ${purpose}`
}

function publicTemplate(label: string): Template {
  return [
    { type: CLASS, value: PUBLIC_KEY },
    { type: KEY_TYPE, value: EC_KEY_TYPE },
    { type: TOKEN, value: true },
    { type: LABEL, value: label },
    { type: EC_PARAMS, value: P256 },
    { type: VERIFY, value: true },
  ]
}

function privateTemplate(label: string): Template {
  return [
    { type: CLASS, value: PRIVATE_KEY },
    { type: KEY_TYPE, value: EC_KEY_TYPE },
    { type: TOKEN, value: true },
    { type: LABEL, value: label },
    { type: PRIVATE, value: true },
    { type: SENSITIVE, value: true },
    { type: EXTRACTABLE, value: false },
    { type: SIGN, value: true },
  ]
}

function find(cryptoki: Cryptoki, session: Handle, kind: number, label: string): readonly Handle[] {
  cryptoki.C_FindObjectsInit(session, [
    { type: CLASS, value: kind },
    { type: LABEL, value: label },
  ])
  try {
    return cryptoki.C_FindObjects(session, 2)
  } finally {
    cryptoki.C_FindObjectsFinal(session)
  }
}

/** An uncompressed point, 04 ‖ x ‖ y, within an OCTET STRING in DER. */
function jwkOf(point: Buffer): JWK {
  const coordinates = point.subarray(-2 * COORDINATE)
  if (coordinates.length < 2 * COORDINATE || point.at(-2 * COORDINATE - 1) !== 4) {
    throw new CustodyError('the module told a public key in another form than an uncompressed point')
  }
  const [x, y] = [coordinates.subarray(0, COORDINATE), coordinates.subarray(COORDINATE)]
  return publicHalf({ kty: 'EC', x: x.toString('base64url'), y: y.toString('base64url') })
}

async function prove(key: KeptKey, signer: Signer): Promise<void> {
  // No token of any kind: it has no `typ`, and nothing in it but chance.
  const header = Buffer.from('{"alg":"ES256"}').toString('base64url')
  const signed = `${header}.${randomBytes(32).toString('base64url')}`
  const signature = Buffer.from(await signer.sign(Buffer.from(signed))).toString('base64url')
  await compactVerify(`${signed}.${signature}`, await importPublic(key.publicJwk)).catch((cause: unknown) => {
    throw new CustodyError(`signing key ${key.kid}: the private half in the module is another one`, { cause })
  })
}
