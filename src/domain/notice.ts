/** How a notice goes out besides the inbox, where the person can be reached so. */
export interface NoticeRule {
  /** `always`: an SMS too. `instead`: an SMS only to someone without an e-mail address. */
  readonly sms: 'always' | 'instead'
  /** Whether the person may ask for fewer e-mails of this kind, or none. What concerns safety never is. */
  readonly choosable: boolean
}

const SAFETY: NoticeRule = { sms: 'always', choosable: false }
const CHANGE: NoticeRule = { sms: 'instead', choosable: false }
const CHOSEN: NoticeRule = { sms: 'instead', choosable: true }

/**
 * The closed list of what people are told. A new kind is a line here, its texts in `texts/notices.yaml`, and a line in
 * `docs/notices.md`; whatever causes it calls `causeNotices` in the transaction of the change.
 */
export const NOTICE_KINDS = {
  given: SAFETY,
  passed_on: SAFETY,
  accepted: SAFETY,
  declined: CHANGE,
  cancelled: CHANGE,
  narrowed: CHANGE,
  extended: SAFETY,
  frozen: CHANGE,
  thawed: SAFETY,
  ended: SAFETY,
  held: SAFETY,
  request_received: CHANGE,
  invitation_redeemed: CHANGE,
  contact_named: CHANGE,
  contact_no_longer: SAFETY,
  contact_laid_down: SAFETY,
  contact_told: SAFETY,
  ends_in_30_days: CHANGE,
  ends_in_7_days: CHANGE,
  expired: CHANGE,
  first_use: CHOSEN,
  unused: CHANGE,
  yearly_overview: CHANGE,
} as const satisfies Readonly<Record<string, NoticeRule>>
export type NoticeKind = keyof typeof NOTICE_KINDS

/** What becomes more or begins to hold: of these, also the one whom the principal trusts is told, as `contact_told`. */
export const TOLD_TO_CONTACT: readonly NoticeKind[] = ['given', 'passed_on', 'accepted', 'extended', 'thawed', 'held']

/** What a person may choose for the e-mails of the kinds that leave a choice; the inbox has them all. */
export const DIGESTS = ['each', 'weekly', 'never'] as const
export type Digest = (typeof DIGESTS)[number]
