import { useNavigate } from 'react-router'
import type { components } from '../generated/api.js'
import { useMandatesApi } from '../shell/acting-for.js'
import type { Day } from '../shell/days.js'
import { useLanguage } from '../shell/language.js'
import { type Sending, useSending } from '../shell/sending.js'
import { useGiving } from './giving.js'
import type { Giving } from './giving-state.js'
import { digitsOf } from './identity-number.js'
import { powersOf } from './powers-of.js'

type Draft = components['schemas']['DraftView']
type WantedPower = components['schemas']['WantedPowerShape']

export interface DraftMaking extends Pick<Sending<Draft>, 'isSending' | 'refusal'> {
  readonly makeDraft: (last: Day) => Promise<void>
}

/** Asks the service for the text of what was said, and goes on to where it is looked over. */
export function useDraftMaking(): DraftMaking {
  const { giving, number } = useGiving()
  const { language } = useLanguage()
  const mandatesApi = useMandatesApi()
  const { isSending, refusal, send } = useSending<Draft>()
  const navigate = useNavigate()
  async function makeDraft(last: Day): Promise<void> {
    const { passedOn, answered } = giving
    const body = {
      ...(passedOn === null ? {} : { parent: passedOn.mandateId }),
      ...(answered === null ? { representative: representativeOf(giving, number) } : { request: answered.requestId }),
      powers: wantedOf(giving, last),
      language,
    }
    const draft = await send(() => mandatesApi.POST('/mandates/drafts', { body }))
    if (draft !== null) await navigate(`/gi/se-over?draft=${draft.draft_id}`)
  }
  return { isSending, refusal, makeDraft }
}

function representativeOf({ invited, familyName }: Giving, number: string) {
  if (invited !== null) return { invitation: invited.invitationId }
  return { identifier: digitsOf(number), family_name: familyName.trim() }
}

function wantedOf(giving: Giving, until: Day): WantedPower[] {
  return powersOf(giving).map((power) => ({
    ...power,
    until,
    ...(giving.choices[power.service]?.passingOn === true ? { passing_on: true } : {}),
  }))
}
