import { END, START, STALE_AT, aged, at, company, grownUp, no, situation, yes } from './words.mjs'

const EMPLOYED = 'avtaleloven § 10 second paragraph (who is employed in a position acts within it)'
const THROUGH = `${EMPLOYED}; avtaleloven chapter 2 (no one has more than the one he acts for)`

const powers = (...whats) =>
  whats.map((what) => {
    const [service, action] = what.split(' ')
    return { service, action }
  })
const job = (told, more = {}) => ({ id: 'job-1', powers: told, ...more })
const mandate = (told, more = {}) => ({
  basis: 'mandate',
  id: 'mandate-1',
  powers: told.map((power) => ({ state: 'active', validFrom: START, validUntil: END, ...power, ...more })),
})
const role = (code, more = {}) => ({ basis: 'organisation_role', id: 'role-1', role: code, ...more })
const via = (answer) => ({ ...answer, via: 'job-1' })
const STRANGER = no('no_registered_ground', null)

const READ = 'tax.return read'
const WRITE = 'tax.return write'
const SIGN = 'tax.return sign'
const firm = (employments, more = {}) => ({ organisation: more, employments })

/** What differs from: an accountant at work asks to see the tax return of a client whose mandate the firm has. */
const client = (title, answer, { what = READ, asked = {}, atWork, ...facts } = {}) =>
  situation(
    title,
    THROUGH,
    { what, ...asked },
    {
      principal: grownUp,
      atWork: atWork ?? firm([job(powers(READ, WRITE))]),
      grounds: [mandate(powers(READ, WRITE))],
      ...facts,
    },
    answer,
  )
const clients = [
  client('At work, an accountant looks at the tax return of a client.', via(yes('mandate', 'tax.return'))),
  client('At work, an accountant fills in the tax return of a client.', via(yes('mandate', 'tax.return')), {
    what: WRITE,
  }),
  client(
    'An employee who may look at tax returns fills one in for a client of the firm.',
    via(no('power_not_covered', 'mandate', END)),
    { what: WRITE, atWork: firm([job(powers(READ))]) },
  ),
  client(
    'An employee fills in the tax return of a client who lets the firm look at it.',
    via(no('power_not_covered', 'mandate', END)),
    { what: WRITE, grounds: [mandate(powers(READ))] },
  ),
  client('An accountant who left the firm an hour ago asks about a client.', STRANGER, {
    atWork: firm([job(powers(READ), { validUntil: at(-1) })]),
  }),
  client(
    'An accountant who begins in the firm in an hour asks about a client.',
    no('no_registered_ground', null, at(1)),
    { atWork: firm([job(powers(READ), { validFrom: at(1) })]) },
  ),
  client(
    'An accountant who begins in the firm in an hour asks about someone it does not represent.',
    no('no_registered_ground', null, at(1)),
    { atWork: firm([job(powers(READ), { validFrom: at(1) })]), grounds: [] },
  ),
  client('An accountant on the last hour in the firm asks about a client.', via(yes('mandate', 'tax.return', at(1))), {
    atWork: firm([job(powers(READ), { validUntil: at(1) })]),
  }),
  client('A mandate to the firm runs out in an hour.', via(yes('mandate', 'tax.return', at(1))), {
    grounds: [mandate(powers(READ), { validUntil: at(1) })],
  }),
  client('A mandate to the firm ran out this very moment.', via(no('expired', 'mandate')), {
    grounds: [mandate(powers(READ), { validUntil: at(0) })],
  }),
  client('A client has stopped the mandate to the firm for a time.', via(no('frozen', 'mandate', END)), {
    grounds: [mandate(powers(READ), { state: 'frozen' })],
  }),
  client('Someone at work for a firm that has told of no employment asks about its client.', STRANGER, {
    atWork: firm([]),
  }),
  client('At work, an accountant asks about someone whom the firm does not represent.', STRANGER, { grounds: [] }),
  client('At work, an accountant asks about a number that no one has.', STRANGER, { principal: null, grounds: [] }),
  client('Someone is at work for an organisation that no one knows.', STRANGER, {
    atWork: { organisation: null, employments: [] },
    grounds: [],
  }),
  client('The firm has been struck off, and an employee goes on.', via(no('ended', 'mandate', END)), {
    atWork: firm([job(powers(READ))], { ceased: true }),
  }),
  client('The client of the firm has died.', via(no('principal_deceased', 'mandate', END)), {
    principal: { ...grownUp, diedOn: '2026-02-01' },
  }),
  client(
    'The client of the firm has a protected address and is named by number.',
    via(no('not_available', 'mandate', END)),
    {
      principal: { ...grownUp, protectedAddress: true },
    },
  ),
  client('The client of the firm has a protected address and is named by handle.', via(yes('mandate', 'tax.return')), {
    principal: { ...grownUp, protectedAddress: true },
    asked: { principalNamedBy: 'handle' },
  }),
  client(
    'The firm lets someone of seventeen work for its clients.',
    via(no('representative_too_young', 'mandate', END)),
    { actor: { bornOn: aged(17) } },
  ),
  client(
    'The firm lets someone without legal capacity in economic matters work for its clients.',
    via(no('representative_without_capacity', 'mandate', END)),
    { actor: { bornOn: aged(40), capacityLost: ['economic'] } },
  ),
  client(
    'An employee may act at one municipality only, and is asked about all of them.',
    via(no('provider_not_covered', 'mandate', END)),
    {
      what: 'muni.school read',
      atWork: firm([job([{ service: 'muni.school', action: 'read', provider: '958935420' }])]),
      grounds: [mandate(powers('muni.school read'))],
    },
  ),
  client(
    'An employee may act at one municipality only, and is asked about that one.',
    via(yes('mandate', 'muni.school')),
    {
      what: 'muni.school read',
      asked: { provider: '958935420' },
      atWork: firm([job([{ service: 'muni.school', action: 'read', provider: '958935420' }])]),
      grounds: [mandate(powers('muni.school read'))],
    },
  ),
  client(
    'The firm has the client’s mandate to sign, and an employee signs.',
    via(no('power_not_covered', 'mandate', END)),
    { what: SIGN, atWork: firm([job(powers(READ, SIGN))]), grounds: [mandate(powers(READ, SIGN))] },
  ),
  client(
    'An employee has a conflict of interest with the client of the firm.',
    via(no('conflict_of_interest', 'mandate', END)),
    { rulings: [{ kind: 'conflict_of_interest', representative: 'actor' }] },
  ),
  client('The client has reserved the tax return against the firm.', via(no('reserved', 'mandate', END)), {
    rulings: [{ kind: 'reservation', service: 'tax.return', representative: 'organisation' }],
  }),
  client(
    'The service only says that an employee is at work, where the login itself must prove it.',
    no('proof_of_login_required', null),
    { what: 'land.registry read', asked: { login: { level: 'high', proof: 'asserted' } } },
  ),
  client(
    'An employee is logged in at too low a level.',
    no('step_up_required', null, null, [{ type: 'assurance', level: 'high' }]),
    { asked: { login: { level: 'substantial', proof: 'asserted' } } },
  ),
  client('At work, someone asks for himself.', STRANGER, { asked: { self: true }, grounds: [] }),
  client('What is known of the firm is too old to fill anything in.', via(no('facts_too_old', 'mandate', END)), {
    what: WRITE,
    atWork: firm([job(powers(WRITE))], { factsFreshAt: at(-24) }),
  }),
  client(
    'What is known of the firm is old, and the tax return may be looked at all the same.',
    via(yes('mandate', 'tax.return', END, [{ type: 'stale_facts', freshAt: at(-24) }])),
    { atWork: firm([job(powers(READ))], { factsFreshAt: at(-24) }) },
  ),
]

const accountants = [
  client(
    'An employee of the registered accountant (REGN) looks at the tax return of a company.',
    via(yes('organisation_role', 'tax.return')),
    {
      principal: company,
      grounds: [role('REGN')],
    },
  ),
  client(
    'An employee of the registered accountant (REGN) looks into the land register for a company.',
    via(no('power_not_covered', 'organisation_role')),
    {
      what: 'land.registry read',
      principal: company,
      atWork: firm([job(powers('land.registry read'))]),
      grounds: [role('REGN')],
    },
  ),
  client('The registered accountant (REGN) goes in an hour.', via(yes('organisation_role', 'tax.return', at(1))), {
    principal: company,
    grounds: [role('REGN', { validUntil: at(1) })],
  }),
  client(
    'A firm is procurator in common (POFE) with someone who is not known, and an employee fills in the tax return.',
    via(no('co_holder_not_identified', 'organisation_role', STALE_AT['tax.return'])),
    { what: WRITE, principal: company, grounds: [role('POFE')] },
  ),
]

/** What differs from: someone at work for a company asks to see its tax return. */
const own = (title, answer, { what = READ, principal = company, employments, ...facts } = {}) =>
  situation(
    title,
    EMPLOYED,
    { what },
    {
      principal,
      atWork: { organisation: 'principal', employments: employments ?? [job(powers(READ, WRITE))] },
      ...facts,
    },
    answer,
  )
const affairs = [
  own('At work, an employee looks at the company’s own tax return.', yes('employment', 'tax.return')),
  own('At work, an employee fills in what the company has left to another.', no('power_not_covered', 'employment'), {
    what: WRITE,
    employments: [job(powers(READ))],
  }),
  own(
    'A company lets an employee see its pension, which companies do not have.',
    no('power_not_covered', 'employment'),
    {
      what: 'nav.pension read',
      employments: [job(powers('nav.pension read'))],
    },
  ),
  own('An employee signs the company’s tax return.', no('power_not_covered', 'employment'), {
    what: SIGN,
    employments: [job(powers(SIGN))],
  }),
  own('An employee prepares a deed for the company.', yes('employment', 'land.registry'), {
    what: 'land.registry write',
    employments: [job(powers('land.registry write'))],
  }),
  own('A general manager is logged in at work.', yes('organisation_role', 'tax.return'), {
    what: SIGN,
    employments: [],
    grounds: [role('DAGL')],
  }),
  own('Someone at work uses a mandate that the company has given him as a private person.', STRANGER, {
    employments: [],
    grounds: [mandate(powers(READ))],
  }),
  own('An employee who left the company an hour ago looks at its tax return.', no('expired', 'employment'), {
    employments: [job(powers(READ), { validUntil: at(-1) })],
  }),
  own(
    'An employee who begins in an hour looks at the company’s tax return.',
    no('not_yet_valid', 'employment', at(1)),
    {
      employments: [job(powers(READ), { validFrom: at(1) })],
    },
  ),
  own(
    'An employee looks at the tax return of a company that has been struck off.',
    no('principal_ceased', 'employment'),
    {
      principal: { ...company, ceased: true },
    },
  ),
]

export const AT_WORK = [...clients, ...accountants, ...affairs]
