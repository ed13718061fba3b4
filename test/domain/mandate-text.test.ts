import { createHash } from 'node:crypto'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { LANGUAGES, type Language } from '../../src/domain/catalogue.js'
import {
  type MandateSentences,
  type MandateTextContent,
  type PowerInWords,
  mandateText,
} from '../../src/domain/mandate-text.js'
import { readTextFiles } from '../../src/registers/text-files.js'

let sentences: MandateSentences
beforeAll(async () => {
  sentences = (await readTextFiles(path.resolve('texts'))).mandate
})

const WORDS: Readonly<
  Record<Language, readonly [pension: string, see: string, apply: string, school: string, write: string]>
> = {
  nb: ['Pensjon', 'se pensjonen din hos NAV', 'søke om pensjon', 'Skole', 'skrive med skolen for deg'],
  nn: ['Pensjon', 'sjå pensjonen din hos NAV', 'søkje om pensjon', 'Skule', 'skrive med skulen for deg'],
  en: ['Pension', 'see your pension with NAV', 'apply for a pension', 'School', 'write to the school for you'],
  se: ['Penšuvdna', 'oaidnit du penšuvnna NAV:s', 'ohcat penšuvnna', 'Skuvla', 'čállit skuvllain du ovddas'],
}

/** Three powers: one from a later day, one from now on, one at one provider and for one object. */
function powersIn(language: Language): readonly [PowerInWords, PowerInWords, PowerInWords] {
  const [pension, see, apply, school, write] = WORDS[language]
  const from = { validFrom: new Date('2026-11-30T23:00:00Z'), fromNow: false }
  const now = { validFrom: new Date('2026-11-21T21:14:15Z'), fromNow: true }
  const anywhere = { providerName: null, object: null, passingOn: false }
  return [
    { actionText: see, serviceName: pension, ...anywhere, ...from, lastDay: '2027-11-30' },
    { actionText: apply, serviceName: pension, ...anywhere, ...now, lastDay: '2027-05-31' },
    {
      ...{ actionText: write, serviceName: school, ...now, lastDay: '2027-02-28' },
      ...{ providerName: 'Voss herad', object: '2026/14', passingOn: false },
    },
  ]
}

const NUMBER = '7Q4KD-M2X9B-0TZ3H-C8VRE'
const giver = { name: 'Kari Hansen' }
const representative = { name: 'Ola Nordmann', bornYear: 1961 }

function given(language: Language): MandateTextContent {
  const parties = { giver, middle: null, representative }
  return { kind: 'give', ...parties, acceptance: false, powers: powersIn(language), heldHours: 0, reference: NUMBER }
}

describe('the text of a mandate to an organisation', () => {
  test.each(LANGUAGES)('names its number and whose logins are used: %s', (language) => {
    const organisation = { name: 'Hansen AS', bornYear: null, organisationNumber: '889640782' }
    const lines = mandateText(sentences, language, { ...given(language), representative: organisation }).split('\n')
    const named = sentences.organisation[language].replace('{name}', 'Hansen AS').replace('{number}', '889640782')
    expect(lines[0]).toContain(named)
    expect(lines).toContain(sentences.organisation_login[language].replaceAll('{representative}', 'Hansen AS'))
  })
})

describe('the text that someone confirms for an organisation', () => {
  const HANSEN = { name: 'Hansen AS', bornYear: null, organisationNumber: '889640782' }
  const signer = { name: 'Kari Hansen', organisation: HANSEN }

  test('says who confirms and for whom, and whom it means by «du»', () => {
    const lines = mandateText(sentences, 'nb', { ...given('nb'), giver: { name: 'Hansen AS' }, signer }).split('\n')
    expect(lines.slice(1, 4)).toEqual([
      'Kari Hansen bekrefter på vegne av Hansen AS (organisasjonsnummer 889640782).',
      'I teksten under er «du», «deg» og «din» Hansen AS.',
      'Tjeneste: Pensjon',
    ])
  })

  test('who accepts for it is told already whom the text means; those who work there use their own login', () => {
    const content = { ...given('nb'), kind: 'accept', acceptance: false, representative: HANSEN } as const
    const lines = mandateText(sentences, 'nb', { ...content, signer }).split('\n')
    const signed = lines.indexOf('Kari Hansen bekrefter på vegne av Hansen AS (organisasjonsnummer 889640782).')
    expect(signed).toBeGreaterThan(0)
    expect(lines[signed + 1]).toBe('Tjeneste: Pensjon')
    expect(lines).toContain(sentences.accept_organisation_login.nb.replaceAll('{giver}', 'Kari Hansen'))
    expect(lines).not.toContain(sentences.accept_own_login.nb.replaceAll('{giver}', 'Kari Hansen'))
  })
})

describe('the text that a giver confirms', () => {
  const GOLDEN: Readonly<Record<Language, readonly string[]>> = {
    nb: [
      'Fullmakt fra Kari Hansen til Ola Nordmann (født 1961)',
      'Tjeneste: Pensjon',
      'Ola Nordmann kan se pensjonen din hos NAV fra 1. desember 2026 til og med 30. november 2027.',
      'Ola Nordmann kan søke om pensjon til og med 31. mai 2027. Det gjelder straks du har bekreftet.',
      'Tjeneste: Skole',
      'Ola Nordmann kan skrive med skolen for deg til og med 28. februar 2027. Det gjelder bare hos Voss herad. ' +
        'Det gjelder bare \u20682026/14\u2069. Det gjelder straks du har bekreftet.',
      'Ola Nordmann bruker sin egen innlogging og handler på vegne av deg. Du kan fortsatt gjøre alt dette selv.',
      'En fullmakt lar aldri noen stemme ved valg, gifte seg, skrive testament eller samtykke til helsehjelp for deg.',
      'Du kan avslutte fullmakten når du vil. Da gjelder den ikke lenger.',
      'Nummeret på denne teksten: 7Q4KD-M2X9B-0TZ3H-C8VRE',
    ],
    nn: [
      'Fullmakt frå Kari Hansen til Ola Nordmann (fødd 1961)',
      'Teneste: Pensjon',
      'Ola Nordmann kan sjå pensjonen din hos NAV frå 1. desember 2026 til og med 30. november 2027.',
      'Ola Nordmann kan søkje om pensjon til og med 31. mai 2027. Det gjeld straks du har stadfesta.',
      'Teneste: Skule',
      'Ola Nordmann kan skrive med skulen for deg til og med 28. februar 2027. Det gjeld berre hos Voss herad. ' +
        'Det gjeld berre \u20682026/14\u2069. Det gjeld straks du har stadfesta.',
      'Ola Nordmann bruker si eiga innlogging og handlar på vegner av deg. Du kan framleis gjere alt dette sjølv.',
      'Ei fullmakt lèt aldri nokon røyste ved val, gifte seg, skrive testament eller samtykkje til helsehjelp for deg.',
      'Du kan avslutte fullmakta når du vil. Då gjeld ho ikkje lenger.',
      'Nummeret på denne teksten: 7Q4KD-M2X9B-0TZ3H-C8VRE',
    ],
    en: [
      'Fullmakt (power of attorney) from Kari Hansen to Ola Nordmann (born 1961)',
      'Service: Pension',
      'Ola Nordmann can see your pension with NAV from 1 December 2026 up to and including 30 November 2027.',
      'Ola Nordmann can apply for a pension up to and including 31 May 2027. This applies as soon as you have confirmed.',
      'Service: School',
      'Ola Nordmann can write to the school for you up to and including 28 February 2027. This applies only at ' +
        'Voss herad. This applies only to \u20682026/14\u2069. This applies as soon as you have confirmed.',
      'Ola Nordmann uses their own login and acts on your behalf. You can still do all of this yourself.',
      'A fullmakt never lets anyone vote in an election, marry, make a will or consent to health care for you.',
      'You can end the fullmakt whenever you want. Then it no longer applies.',
      'The number of this text: 7Q4KD-M2X9B-0TZ3H-C8VRE',
    ],
    se: [
      'Fápmudus. Addi: Kari Hansen. Vuostáiváldi: Ola Nordmann (riegádan 1961)',
      'Bálvalus: Penšuvdna',
      'Ola Nordmann sáhttá oaidnit du penšuvnna NAV:s juovlamánu 1. b. 2026 rájes gitta skábmamánu 30. b. 2027 ' +
        'rádjai, maiddái dan beaivvi.',
      'Ola Nordmann sáhttá ohcat penšuvnna gitta miessemánu 31. b. 2027 rádjai, maiddái dan beaivvi. ' +
        'Dat gusto dalán go leat duođaštan.',
      'Bálvalus: Skuvla',
      'Ola Nordmann sáhttá čállit skuvllain du ovddas gitta guovvamánu 28. b. 2027 rádjai, maiddái dan beaivvi. ' +
        'Dat gusto dušše dáppe: Voss herad. Dat guoská dušše dása: \u20682026/14\u2069. Dat gusto dalán go leat duođaštan.',
      'Ola Nordmann geavaha iežas sisaloggema ja doaibmá du ovddas. Don sáhtát ain ieš dahkat buot dán.',
      'Fápmudusain ii sáhte oktage goassege jienastit válggain, náitalit, čállit testameantta dahje miehtat ' +
        'dearvvašvuođaveahkkái du ovddas.',
      'Don sáhtát loahpahit fápmudusa goas fal háliidat. De dat ii šat gusto.',
      'Dán teavstta nummir: 7Q4KD-M2X9B-0TZ3H-C8VRE',
    ],
  }

  test.each(LANGUAGES)('%s', (language) => {
    expect(mandateText(sentences, language, given(language)).split('\n')).toEqual(GOLDEN[language])
  })

  test.each(LANGUAGES)('%s: the same content gives the same bytes', (language) => {
    const hash = (content: MandateTextContent): string =>
      createHash('sha256')
        .update(mandateText(sentences, language, content))
        .digest('hex')
    expect(hash(structuredClone(given(language)))).toBe(hash(given(language)))
    expect(hash({ ...given(language), giver: { name: 'Kari  Hansen' } })).not.toBe(hash(given(language)))
  })

  test('who must accept says when it starts', () => {
    const text = mandateText(sentences, 'nb', { ...given('nb'), kind: 'give', acceptance: true })
    expect(text.split('\n').slice(-4)).toEqual([
      'Ola Nordmann må si ja før fullmakten gjelder.',
      ...GOLDEN.nb.slice(-3),
    ])
    expect(text).not.toContain('straks')
    expect(text).toContain('fra 1. desember 2026 til og med')
  })

  test.each([
    [
      'at once otherwise',
      false,
      'Fullmakten gjelder først 24 timer etter at den er bekreftet. Fram til da kan den avbrytes.',
    ],
    [
      'when accepted',
      true,
      'Fullmakten gjelder først 24 timer etter at Ola Nordmann har sagt ja. Fram til da kan den avbrytes.',
    ],
  ] as const)('what is held says for how long, and promises nothing at once: %s', (_when, acceptance, sentence) => {
    const text = mandateText(sentences, 'nb', { ...given('nb'), kind: 'give', acceptance, heldHours: 24 })
    expect(text.split('\n')).toContain(sentence)
    expect(text).not.toContain('straks')
  })

  test.each([
    ['nb', 'Ta imot fullmakt fra Kari Hansen til Ola Nordmann (født 1961)', 'Jeg skal bruke min egen innlogging'],
    ['nn', 'Ta imot fullmakt frå Kari Hansen til Ola Nordmann (fødd 1961)', 'Eg skal bruke mi eiga innlogging'],
    [
      'en',
      'Accept the fullmakt (power of attorney) from Kari Hansen to Ola Nordmann (born 1961)',
      'I will use my own login',
    ],
    [
      'se',
      'Vuostáiváldde fápmudusa. Addi: Kari Hansen. Vuostáiváldi: Ola Nordmann (riegádan 1961)',
      'Mun geavahan iežan sisaloggema',
    ],
  ] as const)('%s: what the representative agrees to says what he may, and his duties', (language, title, duty) => {
    const content = { ...given(language), kind: 'accept', acceptance: false } as const
    const lines = mandateText(sentences, language, content).split('\n')
    expect(lines[0]).toBe(title)
    expect(lines.some((line) => line.startsWith(duty) && line.includes('Kari Hansen'))).toBe(true)
    expect(lines.join()).toContain('Voss herad')
    expect(lines).not.toContain(sentences.starts_at_once[language])
    expect(lines).toContain(sentences.accept_end[language])
    expect(lines.at(-1)).toContain(NUMBER)
    const through = mandateText(sentences, language, { ...content, middle: { name: 'Mari Berg' }, heldHours: 24 })
    expect(through.split('\n')[0]).toContain('Mari Berg')
    expect(through).toContain(sentences.held[language].replace('{hours}', '24'))
  })

  test('a year of birth that no one knows is left out', () => {
    const [title] = mandateText(sentences, 'nb', {
      ...given('nb'),
      representative: { name: 'Ola Nordmann', bornYear: null },
    }).split('\n')
    expect(title).toBe('Fullmakt fra Kari Hansen til Ola Nordmann')
  })

  test.each([
    [
      'nb',
      'Forlenge fullmakten fra Kari Hansen til Ola Nordmann (født 1961)',
      '. Den nye siste dagen er 30. november 2027.',
    ],
    [
      'nn',
      'Forlengje fullmakta frå Kari Hansen til Ola Nordmann (fødd 1961)',
      '. Den nye siste dagen er 30. november 2027.',
    ],
    [
      'en',
      'Extend the fullmakt (power of attorney) from Kari Hansen to Ola Nordmann (born 1961)',
      '. The new last day is 30 November 2027.',
    ],
    [
      'se',
      'Fápmudusa guhkideapmi. Addi: Kari Hansen. Vuostáiváldi: Ola Nordmann (riegádan 1961)',
      '. Ođđa maŋimuš beaivi lea skábmamánu 30. b. 2027.',
    ],
  ] as const)('%s: an extension tells the new last day and nothing of the first', (language, title, end) => {
    const content = { ...given(language), kind: 'extend', acceptance: false } as const
    const [first, , power, ...rest] = mandateText(sentences, language, content).split('\n')
    expect(first).toBe(title)
    expect(power?.endsWith(end)).toBe(true)
    expect(rest.join()).not.toContain(sentences.starts_at_once[language])
    expect(rest.join()).toContain('Voss herad')
  })

  test.each([
    ['nb', 'Ola Nordmann kan gi dette videre til andre. De kan ikke gi det videre igjen.'],
    ['nn', 'Ola Nordmann kan gje dette vidare til andre. Dei kan ikkje gje det vidare igjen.'],
    ['en', 'Ola Nordmann can pass this on to others. They cannot pass it on again.'],
    ['se', 'Ola Nordmann sáhttá addit dán viidáseappot earáide. Sii eai sáhte addit dan ođđasit viidáseappot.'],
  ] as const)('%s: tells of the very power that may be passed on, new or extended', (language, sentence) => {
    const [first, second, third] = powersIn(language)
    const powers = [first, { ...second, passingOn: true }, third]
    for (const kind of ['give', 'extend'] as const) {
      const lines = mandateText(sentences, language, { ...given(language), acceptance: false, kind, powers }).split(
        '\n',
      )
      expect(lines.filter((line) => line.includes(sentence))).toEqual([lines[3]])
    }
  })

  test.each([
    [
      'nb',
      'Fullmakt fra Kari Hansen til Ola Nordmann (født 1961), gitt videre av Mari Berg',
      'I teksten under er «du», «deg» og «din» Kari Hansen.',
      'Det gjelder straks Mari Berg har bekreftet.',
      'Også Mari Berg og Ola Nordmann kan avslutte den. Den gjelder bare så lenge fullmakten fra Kari Hansen til ' +
        'Mari Berg gjelder, og Ola Nordmann kan ikke gi den videre.',
    ],
    [
      'nn',
      'Fullmakt frå Kari Hansen til Ola Nordmann (fødd 1961), gitt vidare av Mari Berg',
      'I teksten under er «du», «deg» og «din» Kari Hansen.',
      'Det gjeld straks Mari Berg har stadfesta.',
      'Også Mari Berg og Ola Nordmann kan avslutte ho. Ho gjeld berre så lenge fullmakta frå Kari Hansen til ' +
        'Mari Berg gjeld, og Ola Nordmann kan ikkje gje ho vidare.',
    ],
    [
      'en',
      'Fullmakt (power of attorney) from Kari Hansen to Ola Nordmann (born 1961), passed on by Mari Berg',
      'In the text below, “you” and “your” mean Kari Hansen.',
      'This applies as soon as Mari Berg has confirmed.',
      'Mari Berg and Ola Nordmann can end it too. It applies only as long as the fullmakt from Kari Hansen to ' +
        'Mari Berg applies, and Ola Nordmann cannot pass it on.',
    ],
    [
      'se',
      'Fápmudus. Addi: Kari Hansen. Viidáseappot addán: Mari Berg. Vuostáiváldi: Ola Nordmann (riegádan 1961)',
      'Teavsttas vulobealde don oaivvilda: Kari Hansen.',
      'Dat gusto dalán go Mari Berg lea duođaštan.',
      'Maiddái Mari Berg ja Ola Nordmann sáhttiba loahpahit dan. Dat gusto dušše nu guhká go Kari Hansen fápmudus ' +
        'vuostáiváldái Mari Berg gusto, ja Ola Nordmann ii sáhte addit dan viidáseappot.',
    ],
  ] as const)('%s: what is passed on names all three, and whom it speaks to', (language, title, reading, now, end) => {
    const content = { ...given(language), middle: { name: 'Mari Berg' } }
    const lines = mandateText(sentences, language, content).split('\n')
    expect([lines[0], lines[1], lines.at(-2)]).toEqual([title, reading, end])
    expect(lines[4]?.endsWith(now)).toBe(true)
    const [longer, meaning] = mandateText(sentences, language, { ...content, kind: 'extend', acceptance: false }).split(
      '\n',
    )
    expect(longer).toContain('Mari Berg')
    expect([longer === title, meaning]).toEqual([false, reading])
  })

  test('days are those of Oslo, summer and winter, the last one as it is written', () => {
    const [power] = powersIn('en')
    const day = (validFrom: string, lastDay: string): string | undefined =>
      mandateText(sentences, 'en', {
        ...given('en'),
        powers: [{ ...power, validFrom: new Date(validFrom), lastDay }],
      }).split('\n')[2]
    expect(day('2027-06-30T22:00:00Z', '2028-02-29')).toContain(
      'from 1 July 2027 up to and including 29 February 2028.',
    )
    expect(day('2026-12-31T22:59:59Z', '2027-01-01')).toContain(
      'from 31 December 2026 up to and including 1 January 2027.',
    )
  })

  test('every month has a Sámi name in the genitive, and no language borrows from another', () => {
    const [power] = powersIn('se')
    const months = (language: Language): readonly string[] =>
      Array.from({ length: 12 }, (_, index) => {
        const lastDay = `2027-${String(index + 1).padStart(2, '0')}-09`
        const content = { ...given(language), powers: [{ ...power, lastDay, fromNow: true }] }
        return /(\p{L}+) (9\. b\. )?2027/u.exec(mandateText(sentences, language, content))?.[1] ?? ''
      })
    for (const month of months('se')) expect(month).toMatch(/^\p{Ll}+mánu$/u)
    expect(new Set(months('se')).size).toBe(12)
    expect(months('nn')).toEqual(months('nb'))
    expect(months('nb').join()).toMatch(/^januar,februar,mars,/)
    expect(months('en').join()).toMatch(/^January,February,March,/)
  })
})

describe('what people have written themselves', () => {
  function withName(name: string, language: Language = 'nb'): readonly string[] {
    const content = { ...given(language), representative: { name, bornYear: 1961 } }
    return mandateText(sentences, language, content).split('\n')
  }

  test.each(LANGUAGES)('%s: a placeholder in a name is only a name', (language) => {
    const lines = withName('{until} {giver}', language)
    const usual = mandateText(sentences, language, given(language)).split('\n')
    expect(lines).toEqual(usual.map((line) => line.replaceAll('Ola Nordmann', '\u2068{until} {giver}\u2069')))
  })

  test('a replacement pattern in a name is only a name', () => {
    expect(withName("$& $' $1")[0]).toBe("Fullmakt fra Kari Hansen til \u2068$& $' $1\u2069 (født 1961)")
  })

  test.each(['Ola Nordmann', 'Anne-Mari Åsæther', 'Áillu Ŋávdna Đđŧ', "Sinéad O'Brien", 'Siân d\u2019Arcy', 'Zoë'])(
    'a Latin name stands bare: %s',
    (name) => {
      expect(withName(name)[0]).toBe(`Fullmakt fra Kari Hansen til ${name} (født 1961)`)
    },
  )

  test.each(['سارة العلي', 'שרה לוי', 'Олена Шевченко', 'Ola 2. Nordmann', 'سارة Hansen'])(
    'another name is isolated wherever it stands: %s',
    (name) => {
      const isolated = `\u2068${name}\u2069`
      expect(withName(name)[0]).toBe(`Fullmakt fra Kari Hansen til ${isolated} (født 1961)`)
      const all = withName(name).join('\n')
      expect(all.split(name).length).toBe(all.split(isolated).length)
      expect(all.split(name).length).toBe(6)
    },
  )

  test.each([
    ['a line feed', '\n'],
    ['a carriage return', '\r'],
    ['a line separator', '\u2028'],
    ['an override from right to left', '\u202e'],
    ['an end of isolation', '\u2069'],
    ['a mark from right to left', '\u200f'],
    ['a space of no width', '\u200b'],
    ['a soft hyphen', '\u00ad'],
    ['a filler', '\u3164'],
    ['half a character', '\ud800'],
    ['a tag', '\u{e0041}'],
  ])('%s is shown as such', (_, unseen) => {
    const lines = withName(`Ola${unseen}Nordmann`)
    expect(lines[0]).toBe('Fullmakt fra Kari Hansen til \u2068Ola\ufffdNordmann\u2069 (født 1961)')
    expect(lines).toHaveLength(10)
  })

  test('the joiners that some scripts need are kept', () => {
    expect(withName('علی\u200cرضا')[0]).toContain('\u2068علی\u200cرضا\u2069')
  })

  test('the giver, the provider and the object are treated alike', () => {
    const [power] = powersIn('nb')
    const text = mandateText(sentences, 'nb', {
      ...given('nb'),
      giver: { name: 'שרה' },
      powers: [{ ...power, providerName: 'A\nB', object: '{giver}\u202e' }],
    })
    expect(text).toContain('Fullmakt fra \u2068שרה\u2069 til Ola')
    expect(text).toContain('Det gjelder bare hos \u2068A\ufffdB\u2069. Det gjelder bare \u2068{giver}\ufffd\u2069.')
  })
})

test('a sentence with a placeholder that nothing fills is a fault, not a text', () => {
  const broken = { ...sentences, acceptance: { ...sentences.acceptance, nb: '{someone} må si ja.' } }
  expect(() => mandateText(broken, 'nb', { ...given('nb'), kind: 'give', acceptance: true })).toThrow(
    'nothing to put into {someone}',
  )
})
