import { Heading, Paragraph, Search, SearchInput } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { components } from '../generated/api.js'
import { useActingFor } from '../shell/acting-for.js'
import type { FieldErrors } from '../shell/errors.js'
import { type Language, type Say, useLanguage } from '../shell/language.js'
import { ChooseService } from './choose-service.js'
import { useGiving } from './giving.js'
import { type CatalogueService, type Giving, NOTHING, boundsOf, chosen, mayLimit } from './giving-state.js'
import { Step } from './step.js'

interface ChooseServicesProps {
  readonly catalogue: components['schemas']['CatalogueView']
  readonly heading: string
  readonly lead: string
  readonly back: string
  readonly next: string
}

/** The second step, of giving and of asking: the services by what life is about, with a search. */
export function ChooseServices({ catalogue, heading, lead, back, next: nextStep }: ChooseServicesProps) {
  const { language, say } = useLanguage()
  const { purpose, giving } = useGiving()
  const navigate = useNavigate()
  const [wanted, setWanted] = useState('')
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)
  const { organisation } = useActingFor()
  const isForOrganisation = organisation !== null && purpose === 'giving'
  const all = catalogue.services.filter(
    (service) => canBeGiven(service, giving) && (!isForOrganisation || service.used_by_organisations),
  )
  const shown = all.filter((service) => matches(service, wanted, language))

  function next(): void {
    const unsaid = chosen(giving).filter(([id, { provider }]) => provider === '' && asksWhere(all, id, giving))
    const missing: FieldErrors = Object.fromEntries(
      unsaid.map(([id]) => [`where-${id}`, say('give.where_missing', { service: nameOf(all, id) })]),
    )
    const none = { search: say(purpose === 'asking' ? 'ask.what_missing' : 'give.what_missing') }
    const found = { ...(chosen(giving).length === 0 ? none : {}), ...missing }
    setErrors(found)
    setAttempt(attempt + 1)
    if (Object.keys(found).length === 0) void navigate(nextStep)
  }

  const isMissing = ([field]: readonly [string, string]): boolean => field !== 'search' || chosen(giving).length === 0
  const stillMissing: FieldErrors = Object.fromEntries(Object.entries(errors).filter(isMissing))
  return (
    <Step number={2} heading={heading} back={back} errors={stillMissing} attempt={attempt} onNext={next}>
      <Paragraph>{lead}</Paragraph>
      <Search>
        <SearchInput
          id="search"
          aria-label={say('give.search')}
          placeholder={say('give.search')}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </Search>
      <Paragraph role="status" className="giving-count">
        {say('give.chosen', { number: chosen(giving).reduce((sum, [, { actions }]) => sum + actions.length, 0) })}
        {wanted !== '' && ` ${howMany(shown.length, say)}`}
      </Paragraph>
      {catalogue.life_areas.map(({ life_area, name }) => {
        const here = shown.filter((service) => service.life_area === life_area)
        if (here.length === 0) return null
        return (
          <section key={life_area} className="stack" aria-labelledby={`area-${life_area}`}>
            <Heading level={2} data-size="xs" id={`area-${life_area}`}>
              {name}
            </Heading>
            {here.map((service) => (
              <ChooseService
                key={service.service}
                service={service}
                choice={giving.choices[service.service] ?? NOTHING}
                error={errors[`where-${service.service}`]}
                isOpen={wanted !== ''}
              />
            ))}
          </section>
        )
      })}
      <Paragraph data-size="sm">{say('give.never')}</Paragraph>
    </Step>
  )
}

function howMany(number: number, say: Say): string {
  if (number === 0) return say('give.found_none')
  return number === 1 ? say('give.found_one') : say('give.found', { number })
}

function canBeGiven({ service, actions }: CatalogueService, giving: Giving): boolean {
  const bounds = boundsOf(giving)
  if (bounds !== null) return bounds.some((power) => power.service === service)
  return actions.some(({ given_by_mandate }) => given_by_mandate)
}

function asksWhere(services: readonly CatalogueService[], id: string, giving: Giving): boolean {
  return mayLimit(giving, id) && (services.find(({ service }) => service === id)?.providers.length ?? 0) > 0
}

function nameOf(services: readonly CatalogueService[], id: string): string {
  return services.find(({ service }) => service === id)?.name ?? id
}

function matches({ name, description, owner, actions }: CatalogueService, wanted: string, language: Language): boolean {
  const text = [name, description, owner.name ?? '', ...actions.map((action) => action.text)].join(' ')
  return text.toLocaleLowerCase(language).includes(wanted.trim().toLocaleLowerCase(language))
}
