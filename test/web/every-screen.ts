import type { Reader } from './browser.js'

/** A screen as someone of the population comes to it. */
export interface SeenScreen {
  readonly person: string
  /** `{id}` is the latest mandate that he sees. */
  readonly address: string
  /** In bokmål. */
  readonly heading: string
  /** Its file in `docs/screens`, and what stands above it there. */
  readonly picture?: readonly [file: string, says: string]
}

/** Every screen there is, one line for each. All of them are looked at in every way that a test or a picture looks at one. */
export const EVERY_SCREEN: readonly SeenScreen[] = [
  {
    person: 'jon-dahl',
    address: '/',
    heading: 'En fullmakt lar andre hjelpe deg',
    picture: ['start', 'The front page'],
  },
  {
    person: 'astrid-haugen',
    address: '/mine',
    heading: 'Hvem kan gjøre noe på vegne av meg',
    picture: ['mine', 'Who can do something on my behalf'],
  },
  {
    person: 'astrid-haugen',
    address: '/mine/{id}',
    heading: 'Fullmakten til Berit Haugen',
    picture: ['one', 'One fullmakt and its history'],
  },
  {
    person: 'astrid-haugen',
    address: '/mine/{id}/avslutt',
    heading: 'Vil du avslutte fullmakten til Berit Haugen?',
    picture: ['end', 'Ending it: the second click'],
  },
  {
    person: 'astrid-haugen',
    address: '/mine/{id}/snevre-inn',
    heading: 'Ta bort noe fra fullmakten til Berit Haugen',
    picture: ['narrow', 'Taking something away'],
  },
  {
    person: 'astrid-haugen',
    address: '/mine/{id}/forleng',
    heading: 'Forleng fullmakten',
    picture: ['extend', 'Letting it last longer'],
  },
  { person: 'astrid-haugen', address: '/mine/{id}/finnes-ikke', heading: 'Denne siden finnes ikke.' },
  {
    person: 'astrid-haugen',
    address: '/gi/hvem',
    heading: 'Hvem skal hjelpe deg?',
    picture: ['give-who', 'Giving: who'],
  },
  { person: 'astrid-haugen', address: '/gi/kode', heading: 'Lag en kode til den som skal hjelpe deg' },
  {
    person: 'berit-haugen',
    address: '/invitasjon',
    heading: 'Har du fått en kode?',
    picture: ['redeem', 'Using a code that one was given'],
  },
  { person: 'astrid-haugen', address: '/ingen-slik-side', heading: 'Denne siden finnes ikke.' },
  {
    person: 'astrid-haugen',
    address: '/hendelser',
    heading: 'Hva er gjort på vegne av meg',
    picture: ['activity', 'What has been done'],
  },
  {
    person: 'astrid-haugen',
    address: '/hendelser/ukjent',
    heading: 'Dette kjenner du ikke igjen',
    picture: ['not-known', 'What one does not recognise'],
  },
  {
    person: 'astrid-haugen',
    address: '/beskjeder',
    heading: 'Beskjeder',
    picture: ['notices', 'What one has been told'],
  },
  {
    person: 'astrid-haugen',
    address: '/innsyn',
    heading: 'Hvem har sett på opplysningene mine',
    picture: ['lookups', 'Who has looked at what is one’s own'],
  },
  {
    person: 'bjarne-aas',
    address: '/be-om',
    heading: 'Be om fullmakt',
    picture: ['ask', 'Asking for a fullmakt, and what became of it'],
  },
  {
    person: 'bjarne-aas',
    address: '/be-om/hvem',
    heading: 'Hvem vil du hjelpe?',
    picture: ['ask-who', 'Asking: whom'],
  },
  { person: 'turid-tveit', address: '/foresporsler', heading: 'Forespørsler til deg' },
  {
    person: 'astrid-haugen',
    address: '/hjelp',
    heading: 'Er du usikker eller presset?',
    picture: ['help', 'Help when something is wrong'],
  },
  {
    person: 'astrid-haugen',
    address: '/hjelp/tilgjengelighet',
    heading: 'Tilgjengelighetserklæring',
    picture: ['accessibility', 'How far everyone can use it'],
  },
  {
    person: 'astrid-haugen',
    address: '/uten-skript',
    heading: 'Mine fullmakter',
    picture: ['without-script', 'Without JavaScript'],
  },
  {
    person: 'per-lunde',
    address: '/mine/avsluttede',
    heading: 'Avsluttede fullmakter',
    picture: ['ended', 'What has ended'],
  },
  {
    person: 'berit-haugen',
    address: '/for-andre',
    heading: 'Hvem vil du gjøre noe på vegne av?',
    picture: ['for-others', 'On whose behalf I may act'],
  },
  {
    person: 'berit-haugen',
    address: '/for-andre?etter=innlogging',
    heading: 'Hvem vil du gjøre noe på vegne av?',
    picture: ['after-login', 'Right after the login, for whoever can act for others'],
  },
  {
    person: 'berit-haugen',
    address: '/mine/{id}',
    heading: 'Fullmakten fra Olaug Myhre',
    picture: ['received', 'A fullmakt that one was given'],
  },
  {
    person: 'berit-haugen',
    address: '/hendelser?som=hjelper',
    heading: 'Hva jeg har gjort på vegne av andre',
    picture: ['own-activity', 'What one has done on behalf of others'],
  },
  {
    person: 'jon-dahl',
    address: '/godta/{id}',
    heading: 'Vil du hjelpe?',
    picture: ['accept', 'What one is offered, and the answer'],
  },
  {
    person: 'jon-dahl',
    address: '/godta/handling',
    heading: 'Noe du må svare på',
    picture: ['acts', 'What several must agree to'],
  },
]

/** The same by the person who looks: one login serves all that he sees. */
export const BY_PERSON: readonly (readonly [person: string, screens: readonly SeenScreen[]])[] = [
  ...new Set(EVERY_SCREEN.map(({ person }) => person)),
].map((person) => [person, EVERY_SCREEN.filter((screen) => screen.person === person)])

/** Goes to a screen as the one who is logged in, and waits until nothing is on its way any more. */
export async function visit(reader: Reader, address: string): Promise<void> {
  await reader.go(address.includes('{id}') ? address.replace('{id}', await latestMandate(reader)) : address)
  await reader.settled()
}

async function latestMandate({ page }: Reader): Promise<string> {
  const answer = await page.request.get('/v1/me/mandates')
  const { mandates } = (await answer.json()) as { mandates: { mandate_id: string }[] }
  return mandates[0]?.mandate_id ?? ''
}
