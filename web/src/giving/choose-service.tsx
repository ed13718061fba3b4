import {
  Checkbox,
  Details,
  DetailsContent,
  DetailsSummary,
  Field,
  Fieldset,
  FieldsetLegend,
  Label,
  Paragraph,
  Select,
  Tag,
  Textfield,
  ValidationMessage,
} from '@digdir/designsystemet-react'
import { useLanguage } from '../shell/language.js'
import { actionName } from '../shell/powers.js'
import { useSession } from '../shell/session.js'
import { useGiving } from './giving.js'
import { type CatalogueService, type Choice, boundsOf, mayLimit } from './giving-state.js'

interface ChooseServiceProps {
  readonly service: CatalogueService
  readonly choice: Choice
  readonly error: string | undefined
  readonly isOpen: boolean
}

/** One service: what can be given of it, where, for what, and what is not in it. Whoever asks for it needs to know less. */
export function ChooseService({ service, choice, error, isOpen }: ChooseServiceProps) {
  const { say } = useLanguage()
  const { purpose } = useGiving()
  const number = choice.actions.length
  return (
    <Details defaultOpen={isOpen || number > 0} key={String(isOpen)}>
      <DetailsSummary>
        <span className="giving-service">
          <span>
            {service.name}
            <span className="giving-owner">{isMunicipal(service) ? say('give.municipality') : service.owner.name}</span>
          </span>
          {number > 0 && <Tag data-color="success">{say('give.chosen_here', { number })}</Tag>}
        </span>
      </DetailsSummary>
      <DetailsContent className="stack">
        <Paragraph>{service.description}</Paragraph>
        {purpose === 'giving' && <Risk service={service} />}
        <Actions service={service} choice={choice} />
        <Where service={service} choice={choice} error={error} />
        <About service={service} choice={choice} />
        {purpose === 'giving' && <NotIncluded service={service} />}
      </DetailsContent>
    </Details>
  )
}

const RISKS = { low: 'neutral', normal: 'neutral', high: 'warning', highest: 'danger' } as const

function Risk({ service: { risk_class, required_level, mandate } }: { readonly service: CatalogueService }) {
  const { say } = useLanguage()
  const session = useSession()
  const risk = risk_class in RISKS ? (risk_class as keyof typeof RISKS) : 'normal'
  const isLevelTooLow = session.state === 'somebody' && required_level === 'high' && session.person.level !== 'high'
  return (
    <div className="stack giving-tight">
      <Tag data-color={RISKS[risk]}>{say(`give.risk_${risk}`)}</Tag>
      {risk === 'highest' && <Paragraph data-size="sm">{say('give.risk_highest_why')}</Paragraph>}
      {mandate?.must_be_accepted === true && <Paragraph data-size="sm">{say('give.must_accept')}</Paragraph>}
      {isLevelTooLow && <Paragraph data-size="sm">{say('give.level')}</Paragraph>}
    </div>
  )
}

const KINDS = ['read', 'communicate', 'write', 'sign', 'receive', 'consent'] as const

function Actions({ service, choice }: { readonly service: CatalogueService; readonly choice: Choice }) {
  const { say } = useLanguage()
  const { purpose, giving, say: change } = useGiving()
  const bounds = boundsOf(giving)
  const given = service.actions.filter(({ action, given_by_mandate }) =>
    bounds === null
      ? given_by_mandate
      : bounds.some((power) => power.service === service.service && power.action === action),
  )
  const toggle = (action: string, isChosen: boolean): void => {
    const others = choice.actions.filter((one) => one !== action)
    change({ type: 'choose', service: service.service, change: { actions: isChosen ? [...others, action] : others } })
  }
  // The catalogue's sentences speak to the one on whose behalf it is done.
  const words = ({ action, text }: (typeof given)[number]) =>
    purpose === 'asking'
      ? { label: sentence(say(actionName(action))) }
      : {
          label: sentence(text),
          description: say(`give.kind_${KINDS.find((kind) => kind === action) ?? 'write'}`),
        }
  return (
    <Fieldset>
      <FieldsetLegend>{say(purpose === 'asking' ? 'ask.may' : 'give.may')}</FieldsetLegend>
      {given.map((one) => {
        const { action } = one
        return (
          <Checkbox
            key={action}
            {...words(one)}
            checked={choice.actions.includes(action)}
            onChange={({ target }) => toggle(action, target.checked)}
          />
        )
      })}
    </Fieldset>
  )
}

function Where({ service, choice, error }: Omit<ChooseServiceProps, 'isOpen'>) {
  const { language, say } = useLanguage()
  const { purpose, giving, say: change } = useGiving()
  if (service.providers.length === 0 || choice.actions.length === 0 || !mayLimit(giving, service.service)) return null
  const { compare } = new Intl.Collator(language === 'en' ? 'en' : ['se', 'nb'])
  const sorted = [...service.providers].sort((a, b) => compare(a.name ?? '', b.name ?? ''))
  const id = `where-${service.service}`
  return (
    <Field>
      <Label htmlFor={id}>{say('give.where')}</Label>
      <Select
        id={id}
        value={choice.provider}
        aria-invalid={error !== undefined}
        onChange={({ target }) =>
          change({ type: 'choose', service: service.service, change: { provider: target.value } })
        }
      >
        <option value="">{say('give.where_choose')}</option>
        {sorted.map(({ organisation, name }) => (
          <option key={organisation} value={organisation}>
            {name ?? organisation}
          </option>
        ))}
        <option value="any">{say(purpose === 'asking' ? 'ask.where_any' : 'give.where_any')}</option>
      </Select>
      {error !== undefined && <ValidationMessage>{error}</ValidationMessage>}
    </Field>
  )
}

/** One case only, and passing on: for the few who need it. */
function About({ service, choice }: { readonly service: CatalogueService; readonly choice: Choice }) {
  const { say } = useLanguage()
  const { purpose, giving, say: change } = useGiving()
  if (choice.actions.length === 0 || !mayLimit(giving, service.service)) return null
  const choose = (more: Partial<Choice>): void => change({ type: 'choose', service: service.service, change: more })
  return (
    <>
      {service.object_name !== null && (
        <Textfield
          label={say('give.only_one', { name: service.object_name })}
          description={say('give.only_one_why')}
          autoComplete="off"
          maxLength={200}
          value={choice.object}
          onChange={({ target }) => choose({ object: target.value })}
        />
      )}
      {service.mandate?.may_be_passed_on === true && purpose === 'giving' && giving.answered === null && (
        <Fieldset>
          <FieldsetLegend>{say('give.pass_on_legend')}</FieldsetLegend>
          <Checkbox
            label={say('give.pass_on')}
            description={say('give.pass_on_why')}
            checked={choice.passingOn}
            onChange={({ target }) => choose({ passingOn: target.checked })}
          />
        </Fieldset>
      )}
    </>
  )
}

function NotIncluded({ service }: { readonly service: CatalogueService }) {
  const { say } = useLanguage()
  const not = service.actions.filter(({ given_by_mandate }) => !given_by_mandate).map(({ text }) => sentence(text))
  const all = [...not, ...service.personal_by_law]
  if (all.length === 0) return null
  return (
    <div>
      <Paragraph data-size="sm">{say('give.not_included')}</Paragraph>
      <ul className="giving-list">
        {all.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}

/** Every municipality offers it for itself. */
function isMunicipal({ providers }: CatalogueService): boolean {
  return providers.length > 0 && providers.every(({ name }) => name?.endsWith(' kommune') === true)
}

/** The catalogue's texts end a sentence; here they stand alone. */
function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}
