import { readFileSync } from 'node:fs'
import type { NumberSeries } from './domain/identifier.js'

/** Everything that differs between installations. Parts get the values they need, never the whole. */
export interface Config {
  readonly production: boolean
  /** Where this service is reached, without a trailing slash: the issuer of its tokens and the origin of its pages. */
  readonly publicUrl: string
  readonly port: number
  readonly host: string
  readonly databaseUrl: string
  readonly databaseConnections: number
  readonly catalogueFolder: string
  readonly textsFolder: string
  readonly webFolder: string
  readonly numberSeries: NumberSeries
  readonly login: {
    /** The OpenID provider, e.g. `https://idporten.no`; its metadata is read from there. */
    readonly issuer: string
    readonly clientId: string
    /** Our private key at the provider, a JWK (private_key_jwt): RSA at ID-porten. */
    readonly clientKey: Readonly<Record<string, unknown>>
    /** The scope that an access token must carry to be taken as Bearer at `/v1/me`. */
    readonly apiScope: string
  }
  /** The OpenID provider whose logins are at work for an organisation, e.g. `https://ansattporten.no`; null where none is taken. */
  readonly workLoginIssuer: string | null
  readonly keyCustody: KeyCustodyConfig
  /** Key for the hashes under which questions about unknown numbers are logged, at least 32 bytes. */
  readonly unknownNumberKey: Buffer
  /** Whether to serve although legal rules of the catalogue are unconfirmed proposals. */
  readonly acceptUnconfirmedRules: boolean
  readonly notices: NoticeConfig
  /** The registers that are followed; null where none is given, and then nothing is. */
  readonly registers: RegisterConfig | null
  /** Where letters to people without a screen are put, and whom they may call; null where none are sent. */
  readonly letters: { readonly folder: string; readonly phone: string } | null
  /** Requests a minute from one address before 429. */
  readonly requestsPerMinute: number
  /** Whether `X-Forwarded-For` of a proxy in front of us is believed. */
  readonly trustProxy: boolean
}

export interface RegisterConfig {
  /** Where Maskinporten is, without a trailing slash; as an audience it has one. */
  readonly maskinporten: string
  readonly clientId: string
  /** Our private RSA key there, a JWK with `kid`. */
  readonly clientKey: Readonly<Record<string, unknown>>
  /** The package's address with its version. */
  readonly folkeregisteret: string
  readonly enhetsregisteret: string
  /** Under which Brønnøysundregistrene give out identity numbers. */
  readonly enhetsregisteretScope: string
  /** Key of the names under which dwellings and holders without a number are kept. */
  readonly key: string
  readonly pollSeconds: number
}

/** How people are told of what is in their inbox. All null: by the inbox alone. */
export interface NoticeConfig {
  /** Kontakt- og reservasjonsregisteret with its version; it says where a person may be reached. */
  readonly contactRegister: string | null
  readonly mail: MailConfig | null
  readonly sms: { readonly url: string; readonly token: string } | null
}

/** `folder` is for development: mails are files there. */
export type MailConfig =
  | { readonly kind: 'server'; readonly url: string; readonly from: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly from: string }

/** Where the private keys lie that sign our tokens. */
export interface KeyCustodyConfig {
  /** What they are encrypted with where they lie in the database, 32 bytes each: the first encrypts, all decrypt. */
  readonly encryptionKeys: readonly Buffer[]
  /** A PKCS #11 module: where there is one, new keys are made in it. */
  readonly module: { readonly library: string; readonly token: string; readonly pin: string } | null
}

type Environment = Readonly<Record<string, string | undefined>>

/** What is wrong with the settings, each in one sentence with the name and never the value: values are secrets. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`the settings do not do:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/**
 * Reads the settings from the environment, once, at start. There is no default for a secret, an issuer or an address;
 * secrets are named by file (`…_FILE`). Production refuses what would be insecure there.
 *
 * @throws ConfigError with every fault at once.
 */
export function readConfig(environment: Environment): Config {
  const faults: string[] = []
  const read = reader(environment, faults)
  const production = environment['NODE_ENV'] !== 'development'

  const config: Config = {
    production,
    publicUrl: read.url('PUBLIC_URL', production),
    port: read.number('PORT', 3000, 0, 65_535),
    host: environment['HOST'] ?? '127.0.0.1',
    databaseUrl: read.required('DATABASE_URL'),
    databaseConnections: read.number('DATABASE_CONNECTIONS', 10, 1, 200),
    catalogueFolder: environment['CATALOGUE_FOLDER'] ?? 'catalogue',
    textsFolder: environment['TEXTS_FOLDER'] ?? 'texts',
    webFolder: environment['WEB_FOLDER'] ?? 'dist/web',
    numberSeries: production ? 'real' : 'synthetic',
    login: {
      issuer: read.url('LOGIN_ISSUER', production),
      clientId: read.required('LOGIN_CLIENT_ID'),
      clientKey: read.jwk('LOGIN_CLIENT_KEY_FILE', ['P-256', 'RSA']),
      apiScope: read.required('LOGIN_API_SCOPE'),
    },
    workLoginIssuer: environment['WORK_LOGIN_ISSUER'] === undefined ? null : read.url('WORK_LOGIN_ISSUER', production),
    keyCustody: readCustody(read, environment, production, faults),
    unknownNumberKey: read.secret('UNKNOWN_NUMBER_KEY_FILE'),
    acceptUnconfirmedRules: environment['ACCEPT_UNCONFIRMED_RULES'] === 'true',
    notices: readNotices(read, environment, production, faults),
    registers: environment['MASKINPORTEN_URL'] === undefined ? null : readRegisters(read, production),
    letters:
      environment['LETTERS_FOLDER'] === undefined
        ? null
        : { folder: read.required('LETTERS_FOLDER'), phone: read.required('LETTERS_PHONE') },
    requestsPerMinute: read.number('REQUESTS_PER_MINUTE', 6000, 1, 10_000_000),
    trustProxy: environment['TRUST_PROXY'] === 'true',
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/**
 * The settings of `keyCustody` alone, for the program that changes keys.
 *
 * @throws ConfigError with every fault at once.
 */
export function readKeyCustody(environment: Environment): KeyCustodyConfig {
  const faults: string[] = []
  const production = environment['NODE_ENV'] !== 'development'
  const custody = readCustody(reader(environment, faults), environment, production, faults)
  if (faults.length > 0) throw new ConfigError(faults)
  return custody
}

function readCustody(
  read: ReturnType<typeof reader>,
  environment: Environment,
  production: boolean,
  faults: string[],
): KeyCustodyConfig {
  const hasModule = environment['HSM_MODULE'] !== undefined
  const hasFile = environment['KEY_ENCRYPTION_KEY_FILE'] !== undefined
  const encryptionKeys = hasModule && !hasFile ? [] : read.secrets('KEY_ENCRYPTION_KEY_FILE')
  if (production && !hasModule && encryptionKeys.length > 0 && environment['ACCEPT_SOFTWARE_KEYS'] !== 'true') {
    faults.push('HSM_MODULE is missing: production keeps private keys in a module, or has ACCEPT_SOFTWARE_KEYS=true')
  }
  if (!hasModule) return { encryptionKeys, module: null }
  const [library, token] = [read.required('HSM_MODULE'), read.required('HSM_TOKEN')]
  return { encryptionKeys, module: { library, token, pin: read.line('HSM_PIN_FILE') } }
}

function readNotices(
  read: ReturnType<typeof reader>,
  environment: Environment,
  production: boolean,
  faults: string[],
): NoticeConfig {
  const has = (name: string): boolean => environment[name] !== undefined
  const contactRegister = has('KONTAKTREGISTERET_URL') ? read.url('KONTAKTREGISTERET_URL', production) : null
  if (contactRegister !== null && !has('MASKINPORTEN_URL')) {
    faults.push('MASKINPORTEN_URL is missing: KONTAKTREGISTERET_URL is asked with its tokens')
  }
  const sends = ['SMTP_URL', 'MAIL_FOLDER', 'SMS_GATEWAY_URL'].filter(has)
  if (sends.length > 0 && contactRegister === null) {
    faults.push(`KONTAKTREGISTERET_URL is missing: ${sends[0] ?? ''} has no addresses without it`)
  }
  const sms = has('SMS_GATEWAY_URL')
    ? { url: read.url('SMS_GATEWAY_URL', production), token: read.line('SMS_GATEWAY_TOKEN_FILE') }
    : null
  return { contactRegister, mail: readMail(read, environment, production, faults), sms }
}

function readMail(
  read: ReturnType<typeof reader>,
  environment: Environment,
  production: boolean,
  faults: string[],
): MailConfig | null {
  const [smtp, folder] = [environment['SMTP_URL'], environment['MAIL_FOLDER']]
  if (smtp === undefined && folder === undefined) return null
  const from = read.required('MAIL_FROM')
  if (folder !== undefined) {
    if (production) faults.push('MAIL_FOLDER is for development only: in production mail goes through SMTP_URL')
    return { kind: 'folder', folder: read.required('MAIL_FOLDER'), from }
  }
  const url = read.required('SMTP_URL')
  const isMailServer = URL.canParse(url) && ['smtp:', 'smtps:'].includes(new URL(url).protocol)
  if (url !== '' && !isMailServer) faults.push('SMTP_URL must begin with smtps:// or smtp://')
  return { kind: 'server', url, from }
}

function readRegisters(read: ReturnType<typeof reader>, production: boolean): RegisterConfig {
  return {
    maskinporten: read.url('MASKINPORTEN_URL', production),
    clientId: read.required('MASKINPORTEN_CLIENT_ID'),
    clientKey: read.jwk('MASKINPORTEN_CLIENT_KEY_FILE', ['RSA']),
    folkeregisteret: read.url('FOLKEREGISTERET_URL', production),
    enhetsregisteret: read.url('ENHETSREGISTERET_URL', production),
    enhetsregisteretScope: read.required('ENHETSREGISTERET_SCOPE'),
    key: read.secret('REGISTER_KEY_FILE').toString('base64url'),
    pollSeconds: read.number('REGISTER_POLL_SECONDS', 60, 1, 3600),
  }
}

/** Readers that note a fault and go on, so that one start tells of all of them. */
function reader(environment: Environment, faults: string[]) {
  const required = (name: string): string => {
    const value = environment[name]
    if (value === undefined || value === '') faults.push(`${name} is missing`)
    return value ?? ''
  }
  /** Null where the fault has been noted already. */
  const file = (name: string): string | null => {
    const path = required(name)
    if (path === '') return null
    try {
      return readFileSync(path, 'utf8')
    } catch {
      faults.push(`${name} names a file that cannot be read`)
      return null
    }
  }
  return {
    required,
    url(name: string, https: boolean): string {
      const value = required(name)
      if (value === '') return ''
      if (!URL.canParse(value) || value.endsWith('/')) faults.push(`${name} is no address without a trailing slash`)
      else if (https && new URL(value).protocol !== 'https:') faults.push(`${name} must begin with https in production`)
      return value
    },
    number(name: string, fallback: number, least: number, most: number): number {
      const text = environment[name]
      const value = text === undefined || text === '' ? fallback : Number(text)
      if (Number.isInteger(value) && value >= least && value <= most) return value
      faults.push(`${name} must be a whole number from ${least} to ${most}`)
      return fallback
    },
    jwk(name: string, kinds: readonly string[]): Record<string, unknown> {
      const text = file(name)
      if (text === null) return {}
      try {
        const jwk = JSON.parse(text) as Record<string, unknown>
        const kind = jwk['kty'] === 'RSA' ? 'RSA' : jwk['crv']
        if (typeof jwk['kid'] === 'string' && typeof jwk['d'] === 'string' && kinds.includes(String(kind))) return jwk
      } catch {
        // told below, in the same words as for any other file that is not such a key
      }
      faults.push(`${name} holds no private JWK (${kinds.join(' or ')}) with kid`)
      return {}
    },
    line(name: string): string {
      const text = file(name)?.trim()
      if (text === '') faults.push(`${name} names an empty file`)
      return text ?? ''
    },
    /** One a line. */
    secrets(name: string): readonly Buffer[] {
      const lines = file(name)?.trim().split('\n')
      const keys = lines?.map((line) => Buffer.from(line.trim(), 'base64url')) ?? []
      if (keys.every((key) => key.length === 32)) return keys
      faults.push(`${name} must hold 32 bytes as base64url on each line`)
      return []
    },
    secret(name: string): Buffer {
      const text = file(name)
      const bytes = Buffer.from(text?.trim() ?? '', 'base64url')
      if (text !== null && bytes.length < 32) faults.push(`${name} must hold at least 32 bytes as base64url`)
      return bytes
    },
  }
}
