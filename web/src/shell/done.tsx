import { Link } from 'react-router'
import type { TextName } from '../generated/text-name.js'
import { useLanguage } from './language.js'

/** What was just done on the screen before, as it is handed on with the address (`navigate(…, { state })`). */
export interface DoneState {
  readonly done: Extract<TextName, `done.${string}`>
  readonly name: string
  /** Where one can do it again, after an end. */
  readonly giveAgain?: string
}

/** Tells of it. */
export function Done({ done, name, giveAgain }: DoneState) {
  const { say } = useLanguage()
  return (
    <>
      <span>{say(done, { name })}</span>
      {giveAgain !== undefined && (
        <>
          {' '}
          <Link to={giveAgain}>{say('done.give_again')}</Link>
        </>
      )}
    </>
  )
}

/** Of whatever came with the address. */
Done.of = (state: unknown) => (isDone(state) ? <Done {...state} /> : null)

function isDone(state: unknown): state is DoneState {
  return typeof state === 'object' && state !== null && 'done' in state && 'name' in state
}
