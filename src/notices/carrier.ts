import type { Language } from '../domain/catalogue.js'
import type { DeliveryChannel } from '../store/notice-cause-store.js'

/** One e-mail or SMS, ready to go. */
export interface Message {
  /** The same at every try: by it a receiver can tell that it has the message already. */
  readonly id: string
  readonly writtenAt: Date
  readonly to: string
  readonly language: Language
  readonly subject: string
  readonly text: string
}

/**
 * What became of it. `refused`: this address is not taken, now or later. `again`: not this one, not now. `down`: nothing
 * gets through just now, whoever it is for.
 */
export type Outcome = 'sent' | 'refused' | 'again' | 'down'

/** By which messages leave: a mail server, a folder, an SMS gateway. */
export interface Carrier {
  readonly channel: DeliveryChannel
  /** Never rejects: what goes wrong is an outcome. */
  send(message: Message): Promise<Outcome>
  close(): void
}

/** Why something did not go, in words without an address: what servers answer often repeats it. */
export type OnTrouble = (trouble: string) => void
