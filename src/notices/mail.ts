import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import type { Carrier, Message, OnTrouble, Outcome } from './carrier.js'

/** Milliseconds for each step of a mail server's answer. */
const PATIENCE = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 10_000 }

export interface MailServer {
  /** `smtps://user:password@host:465`, or `smtp://…`. */
  readonly url: string
  /** Whether a connection without TLS is refused. */
  readonly needsTls: boolean
  readonly from: string
  /** Right of the @ in Message-ID. */
  readonly host: string
}

/** Mail through an SMTP server. */
export function mailServer({ url, needsTls, from, host }: MailServer, onTrouble: OnTrouble): Carrier {
  const pool = { pool: true as const, maxConnections: 5, url, ...PATIENCE }
  const transport = createTransport({ ...pool, ...(needsTls ? { requireTLS: true } : {}) })
  return {
    channel: 'email',
    async send(message) {
      try {
        await transport.sendMail(mailOf(message, from, host))
        return 'sent'
      } catch (error) {
        const { outcome, trouble } = troubleOf(error)
        onTrouble(trouble)
        return outcome
      }
    },
    close: () => transport.close(),
  }
}

/** For development: each mail is a file in a folder, named by its id, so that the same one again is the same file. */
export function mailFolder(folder: string, from: string, onTrouble: OnTrouble): Carrier {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    channel: 'email',
    async send(message) {
      try {
        const { message: raw } = await transport.sendMail(mailOf(message, from, 'localhost'))
        await mkdir(folder, { recursive: true })
        const file = path.join(folder, `${message.id}.eml`)
        await writeFile(`${file}.part`, raw as Buffer)
        await rename(`${file}.part`, file)
        return 'sent'
      } catch (error) {
        onTrouble(`mail folder ${(error as { code?: string }).code ?? 'failed'}`)
        return 'down'
      }
    },
    close: () => transport.close(),
  }
}

function mailOf({ id, writtenAt, to, language, subject, text }: Message, from: string, host: string) {
  return {
    from,
    // As an object: an address that looked like several would be several.
    to: { name: '', address: to },
    subject,
    text: `${text}\n`,
    date: writtenAt,
    messageId: `<${id}@${host}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/**
 * RFC 5321 section 4.2.1: an address that is refused for good is refused; what the server said of the sender or of the
 * whole mail may be mended; before it said anything of this mail, it is down.
 */
function troubleOf(error: unknown): { readonly outcome: Outcome; readonly trouble: string } {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string }
  const trouble = ['mail', code, responseCode, command?.split(/[ :]/)[0]].filter((part) => part !== undefined).join(' ')
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return { outcome: 'down', trouble }
  const isForGood = (responseCode ?? 0) >= 500 && command === 'RCPT TO'
  return { outcome: isForGood ? 'refused' : 'again', trouble }
}
