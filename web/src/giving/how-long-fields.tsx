import { Fieldset, FieldsetDescription, FieldsetLegend, Radio, Textfield } from '@digdir/designsystemet-react'
import { today, useDates } from '../shell/dates.js'
import { type Day, lastOfMonths } from '../shell/days.js'
import { useLanguage } from '../shell/language.js'
import { type HowLong, MONTHS } from './giving-state.js'

export interface Period {
  readonly howLong: HowLong
  readonly ownDay: Day
}

interface HowLongProps {
  readonly period: Period
  /** The last day that the rules allow. */
  readonly latest: Day
  /** Only days after this one, where it is to last longer than it does. */
  readonly after?: Day | undefined
  readonly error: string | undefined
  /** What is said of the end; that one can end it oneself, where nothing else is. */
  readonly description?: string
  readonly onChange: (period: Partial<Period>) => void
}

/** C5: a few periods with their last day in words, or a day of one's own. Never endless. */
export function HowLongFields({ period, latest, after, error, description, onChange }: HowLongProps) {
  const { say } = useLanguage()
  const dates = useDates()
  const choice = availableChoice(period.howLong, latest, after)
  return (
    <>
      <Fieldset>
        <FieldsetLegend>{say('give.how_long_legend')}</FieldsetLegend>
        <FieldsetDescription>{description ?? say('give.how_long_why')}</FieldsetDescription>
        {availableMonths(latest, after).map((months) => (
          <Radio
            key={months}
            name="how-long"
            id={`how-long-${months}`}
            label={say(`give.months_${months}`)}
            description={say('give.until', { day: dates.day(lastOfMonths(today(), months)) })}
            value={String(months)}
            checked={choice === months}
            onChange={() => onChange({ howLong: months })}
          />
        ))}
        <Radio
          name="how-long"
          id="how-long-own"
          label={say('give.own_day')}
          value="own"
          checked={choice === 'own'}
          onChange={() => onChange({ howLong: 'own' })}
        />
      </Fieldset>
      {choice === 'own' && (
        <Textfield
          id="own-day"
          type="date"
          label={say('give.last_day')}
          description={say('give.latest', { day: dates.day(latest) })}
          min={after ?? today()}
          max={latest}
          value={period.ownDay}
          error={error}
          onChange={({ target }) => onChange({ ownDay: target.value })}
        />
      )}
    </>
  )
}

function availableMonths(latest: Day, after: Day | undefined): (typeof MONTHS)[number][] {
  return MONTHS.filter((months) => {
    const last = lastOfMonths(today(), months)
    return last <= latest && (after === undefined || last > after)
  })
}

/** What was chosen, or the longest there is in its place. */
function availableChoice(howLong: HowLong, latest: Day, after: Day | undefined): HowLong {
  const available = availableMonths(latest, after)
  return howLong === 'own' || available.includes(howLong) ? howLong : (available.at(-1) ?? 'own')
}

/** The last day that was chosen; null where one's own does not fit. */
export function lastDayChosen({ howLong, ownDay }: Period, latest: Day, after?: Day): Day | null {
  const choice = availableChoice(howLong, latest, after)
  if (choice !== 'own') return lastOfMonths(today(), choice)
  const isIn = ownDay >= today() && ownDay <= latest && (after === undefined || ownDay > after)
  return isIn ? ownDay : null
}
