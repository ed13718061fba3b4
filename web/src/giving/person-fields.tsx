import { Textfield } from '@digdir/designsystemet-react'
import type { FieldErrors } from '../shell/errors.js'
import { type Say, useLanguage } from '../shell/language.js'
import { useGiving } from './giving.js'
import { digitsOf, hasCheckDigits } from './identity-number.js'

/** The other one in what is given or asked for, by number and family name. */
export function PersonFields({ errors }: { readonly errors: FieldErrors }) {
  const { giving, say: change, number, writeNumber } = useGiving()
  return (
    <NumberAndName
      errors={errors}
      number={number}
      familyName={giving.familyName}
      writeNumber={writeNumber}
      writeFamilyName={(familyName) => change({ type: 'write', change: { familyName } })}
    />
  )
}

interface NumberAndNameProps {
  readonly errors: FieldErrors
  readonly number: string
  readonly familyName: string
  readonly writeNumber: (number: string) => void
  readonly writeFamilyName: (familyName: string) => void
}

/** The two fields by which one names a person. */
export function NumberAndName({ errors, number, familyName, writeNumber, writeFamilyName }: NumberAndNameProps) {
  const { say } = useLanguage()
  return (
    <>
      <Textfield
        id="number"
        label={say('give.number')}
        description={say('give.number_why')}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        value={number}
        error={errors['number']}
        onChange={({ target }) => writeNumber(target.value)}
      />
      <Textfield
        id="family-name"
        label={say('give.family_name')}
        description={say('give.family_name_why')}
        autoComplete="off"
        spellCheck={false}
        value={familyName}
        error={errors['family-name']}
        onChange={({ target }) => writeFamilyName(target.value)}
      />
    </>
  )
}

/** What is missing in these two. Whose number it is only the service knows. */
export function missingOfPerson(number: string, familyName: string, say: Say): FieldErrors {
  const digits = digitsOf(number)
  const fault = digits.length === 11 ? 'give.number_typo' : 'give.number_wrong'
  return {
    ...(hasCheckDigits(digits) ? {} : { number: say(fault) }),
    ...(familyName.trim() === '' ? { 'family-name': say('give.family_name_missing') } : {}),
  }
}

/** What a step that finds the number gone hands on to the one where it is written. */
interface ComingFrom {
  /** Where to go on when the number has been written again. */
  readonly on?: string
  readonly isNumberGone?: boolean
}

export function comingFrom(state: unknown): ComingFrom {
  return typeof state === 'object' && state !== null ? state : {}
}
