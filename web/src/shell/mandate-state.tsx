import { Tag } from '@digdir/designsystemet-react'
import type { TextName } from '../generated/text-name.js'
import { dayOf, useDates } from './dates.js'
import { useLanguage } from './language.js'
import type { Mandate } from './own-mandates.js'

const COLOURS = {
  active: 'success',
  offered: 'info',
  held: 'info',
  not_yet_valid: 'info',
  frozen: 'warning',
  expired: 'neutral',
  lapsed: 'neutral',
  declined: 'neutral',
  cancelled: 'neutral',
  ended: 'neutral',
} as const satisfies Record<string, 'success' | 'info' | 'warning' | 'neutral'>
type State = keyof typeof COLOURS

/** What a state is called. */
export function stateName(state: string): TextName {
  return state in COLOURS ? `mandate.state_${state as State}` : 'mandate.state_ended'
}

/** How a mandate stands, in words and not by colour alone. */
export function MandateState({ mandate }: { readonly mandate: Mandate }) {
  const { say } = useLanguage()
  const { day, instant } = useDates()
  const { state } = mandate
  const first = mandate.powers.map(({ valid_from }) => valid_from).sort()[0]
  const isForReader = state === 'offered' && mandate.your_role === 'representative'
  const isForOther = state === 'offered' && !isForReader
  const more = [
    isForOther && say('mandate.not_before_yes', { name: mandate.representative.name }),
    state === 'not_yet_valid' && first !== undefined && say('mandate.begins', { day: day(dayOf(first)) }),
    mandate.takes_effect_at !== null && say('mandate.takes_effect', { time: instant(mandate.takes_effect_at) }),
    isSameDevice(mandate) && mandate.your_role !== 'representative' && say('mandate.same_device_short'),
    mandate.parent_state !== null && mandate.parent_state !== 'active' && say('mandate.parent_not_active'),
  ].filter((words) => words !== false)
  return (
    <span className="row">
      <Tag data-color={state in COLOURS ? COLOURS[state as State] : 'neutral'}>
        {say(isForReader ? 'mandate.state_offered_you' : stateName(state))}
      </Tag>
      {more.map((words) => (
        <span key={words}>{words}</span>
      ))}
    </span>
  )
}

/** Whether it was accepted on the device on which it had just been given. */
export function isSameDevice({ flags }: Mandate): boolean {
  return flags.includes('same_device')
}
