import { createServer, type Server } from 'node:http'
import { SMTPServer } from 'smtp-server'

/** A mail as it arrived. */
export interface Mail {
  readonly to: readonly string[]
  readonly raw: string
  readonly subject: string
  readonly text: string
  readonly messageId: string
}

export interface PostOffice {
  readonly url: string
  /** Everything that came, also what came twice. */
  readonly arrived: Mail[]
  /** What lies in mailboxes that know a Message-ID when they see it again. */
  boxes(): Mail[]
  /** What becomes of a recipient: null takes the mail, a number refuses with it. */
  answer: (to: string) => number | null
  /** Of a mail that was taken: whether the connection breaks before the sender hears of it. */
  breaks: boolean
  close(): Promise<void>
}

/** A real SMTP server on loopback, as much of one as a test can look into. */
export async function postOffice(): Promise<PostOffice> {
  const arrived: Mail[] = []
  const office: { answer: PostOffice['answer']; breaks: boolean } = { answer: () => null, breaks: false }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    closeTimeout: 100,
    onRcptTo({ address }, _session, callback) {
      const code = office.answer(address)
      if (code === null) return callback()
      callback(Object.assign(new Error(`no such mailbox as ${address}`), { responseCode: code }))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        arrived.push(mailOf(to, Buffer.concat(chunks).toString('utf8')))
        if (!office.breaks) return callback()
        for (const connection of server.connections) connection._socket.destroy()
      })
    },
  }) as SMTPServer & { readonly connections: Set<{ readonly _socket: { destroy(): void } }> }
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  return Object.assign(office, {
    url: `smtp://127.0.0.1:${port}`,
    arrived,
    boxes: () => [...new Map(arrived.map((mail) => [`${mail.to.join()} ${mail.messageId}`, mail])).values()],
    close: () => {
      if (!server.server.listening) return Promise.resolve()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

function mailOf(to: readonly string[], raw: string): Mail {
  const [head = '', body = ''] = raw.split(/\r\n\r\n/, 2)
  const headers = new Map(
    head
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map(
        (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
      ),
  )
  return {
    to,
    raw,
    subject: decodedWords(headers.get('subject') ?? ''),
    text: decodedBody(body, headers.get('content-transfer-encoding') ?? ''),
    messageId: headers.get('message-id') ?? '',
  }
}

/** RFC 2047, as far as mails of ours use it. */
function decodedWords(text: string): string {
  return text
    .replaceAll(/\?= =\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodedBytes(word.replaceAll('_', ' ')),
    )
}

function decodedBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8').trim()
  return (encoding === 'quoted-printable' ? decodedBytes(body.replaceAll('=\r\n', '')) : body).trim()
}

function decodedBytes(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

export interface SentSms {
  readonly id: string
  readonly to: string
  readonly text: string
}

export interface Gateway {
  readonly url: string
  readonly arrived: { readonly sms: SentSms; readonly authorization: string | undefined; readonly key: string }[]
  status: number
  close(): Promise<void>
}

/** An SMS gateway on loopback that keeps ids: the one it has already it does not send again. */
export async function gateway(): Promise<Gateway> {
  const arrived: Gateway['arrived'] = []
  const state = { status: 202 }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sms = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SentSms
      const isKnown = arrived.some((one) => one.sms.id === sms.id)
      if (state.status < 300 && !isKnown) {
        const key = String(request.headers['idempotency-key'])
        arrived.push({ sms, authorization: request.headers.authorization, key })
      }
      response.writeHead(isKnown ? 409 : state.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/messages`,
    arrived,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  })
}
