import { Heading, Paragraph, Search, SearchInput } from '@digdir/designsystemet-react'
import { useState } from 'react'
import { Navigate, useNavigate } from 'react-router'
import { ChooseService } from '../giving/choose-service.js'
import { useGiving } from '../giving/giving.js'
import { type CatalogueService, type Giving, NOTHING, chosen, isWhoSaid } from '../giving/giving-state.js'
import { Step } from '../giving/step.js'
import type { components } from '../generated/api.js'
import { useActingFor } from '../shell/acting-for.js'
import type { FieldErrors } from '../shell/errors.js'
import { type Language, useLanguage } from '../shell/language.js'
import { Shown } from '../shell/shown.js'

type Catalogue = components['schemas']['CatalogueView']

/** C4: what, in the words of people and by what life is about. Nothing is chosen beforehand, and there is no «everything». */
export function GiveWhat() {
  const { catalogue, askAgain, giving, number } = useGiving()
  if (!isWhoSaid(giving, number)) {
    return <Navigate to="/gi/hvem" replace state={{ on: '/gi/hva', isNumberGone: true }} />
  }
  return (
    <Shown loaded={catalogue} again={askAgain}>
      {(value) => <What catalogue={value} />}
    </Shown>
  )
}

function What({ catalogue }: { readonly catalogue: Catalogue }) {
  const { language, say } = useLanguage()
  const { giving } = useGiving()
  const navigate = useNavigate()
  const [wanted, setWanted] = useState('')
  const [errors, setErrors] = useState<FieldErrors>({})
  const [attempt, setAttempt] = useState(0)
  const { organisation } = useActingFor()
  const all = catalogue.services.filter(
    (service) => canBeGiven(service, giving) && (organisation === null || service.used_by_organisations),
  )
  const shown = all.filter((service) => matches(service, wanted, language))

  function next(): void {
    const unsaid = chosen(giving).filter(([id, { provider }]) => provider === '' && asksWhere(all, id, giving))
    const missing: FieldErrors = Object.fromEntries(
      unsaid.map(([id]) => [`where-${id}`, say('give.where_missing', { service: nameOf(all, id) })]),
    )
    const none = chosen(giving).length === 0 ? { search: say('give.what_missing') } : {}
    setErrors({ ...none, ...missing })
    setAttempt(attempt + 1)
    if (Object.keys({ ...none, ...missing }).length === 0) void navigate('/gi/hvor-lenge')
  }

  return (
    <Step number={2} heading={say('give.what')} back="/gi/hvem" errors={errors} attempt={attempt} onNext={next}>
      <Paragraph>{say('give.what_lead')}</Paragraph>
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
        {wanted !== '' && ` ${say('give.found', { number: shown.length })}`}
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

function canBeGiven({ service, actions }: CatalogueService, { passedOn }: Giving): boolean {
  if (passedOn !== null) return passedOn.powers.some((power) => power.service === service)
  return actions.some(({ given_by_mandate }) => given_by_mandate)
}

function asksWhere(services: readonly CatalogueService[], id: string, { passedOn }: Giving): boolean {
  return passedOn === null && (services.find(({ service }) => service === id)?.providers.length ?? 0) > 0
}

function nameOf(services: readonly CatalogueService[], id: string): string {
  return services.find(({ service }) => service === id)?.name ?? id
}

function matches({ name, description, owner, actions }: CatalogueService, wanted: string, language: Language): boolean {
  const text = [name, description, owner.name ?? '', ...actions.map((action) => action.text)].join(' ')
  return text.toLocaleLowerCase(language).includes(wanted.trim().toLocaleLowerCase(language))
}
