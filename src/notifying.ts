import type { Config, NoticeConfig } from './config.js'
import type { NoticeSentences } from './domain/notice-text.js'
import { maskinportenOf } from './following.js'
import type { Carrier } from './notices/carrier.js'
import { mailFolder, mailServer } from './notices/mail.js'
import { keepSending } from './notices/sending.js'
import { smsGateway } from './notices/sms.js'
import { keepNotices } from './notices/telling.js'
import { Kontaktregisteret } from './registers/kontaktregisteret.js'
import type { Patience } from './registers/patience.js'
import type { Database } from './store/database.js'

type LogFault = (fault: { readonly requestId: string; readonly error: unknown }) => void

/** Keeps people told of what concerns them, in their inbox and by what the settings name. Returns what stops it. */
export async function startNotifying(
  config: Config,
  db: Database,
  sentences: NoticeSentences,
  logFault: LogFault,
): Promise<() => Promise<void>> {
  const onFault = (error: unknown): void => logFault({ requestId: 'notices', error })
  const contacts = contactRegisterOf(config)
  const carriers = contacts === null ? [] : carriersOf(config, (trouble) => onFault(new Error(trouble)))
  const channels = carriers.map(({ channel }) => channel)
  const stopTelling = await keepNotices({ databaseUrl: config.databaseUrl, channels, onFault })
  const address = config.publicUrl
  const stops = carriers.map((carrier) =>
    contacts === null ? null : keepSending({ db, contacts, carrier, sentences, address, onFault }),
  )
  return async () => {
    await Promise.all([stopTelling(), ...stops.map((stop) => stop?.())])
  }
}

/** Kontakt- og reservasjonsregisteret by the settings; null where there is none. */
export function contactRegisterOf(config: Config, patience?: Patience): Kontaktregisteret | null {
  const { registers, notices } = config
  if (registers === null || notices.contactRegister === null) return null
  const access = { address: notices.contactRegister, tokens: maskinportenOf(registers) }
  return new Kontaktregisteret(patience === undefined ? access : { ...access, patience })
}

function carriersOf({ notices, production, publicUrl }: Config, onTrouble: (trouble: string) => void): Carrier[] {
  return [mailCarrier(notices, production, publicUrl, onTrouble), smsCarrier(notices, onTrouble)].filter(
    (carrier) => carrier !== null,
  )
}

function mailCarrier(
  { mail }: NoticeConfig,
  production: boolean,
  publicUrl: string,
  onTrouble: (trouble: string) => void,
): Carrier | null {
  if (mail === null) return null
  if (mail.kind === 'folder') return mailFolder(mail.folder, mail.from, onTrouble)
  const { url, from } = mail
  return mailServer({ url, needsTls: production, from, host: new URL(publicUrl).hostname }, onTrouble)
}

function smsCarrier({ sms }: NoticeConfig, onTrouble: (trouble: string) => void): Carrier | null {
  return sms === null ? null : smsGateway(sms, onTrouble)
}
