/**
 * The synthetic people, their families and what they have given each other. Names and birthdays are fixed; whoever has
 * an `age` has it on every day of the year, so the year of birth moves on the birthday and the case stays true.
 * Everyone here is invented: no row describes a living person.
 */

/** A fixed date of birth, or an age to have today with the day of the year on which it grows (never 29 February). */
export type Birth = { readonly on: string } | { readonly age: number; readonly birthday: string }

export interface PersonRow {
  /** Chosen by hand, stable, and no secret: what tests and the demo call the person. Never the identity number. */
  readonly id: string
  readonly givenName: string
  readonly familyName: string
  readonly born: Birth
  readonly diedOn?: string
  readonly protectedAddress?: true
  readonly dNumber?: true
  readonly eidasIdentifier?: string
  /** Ids of the children, of any age. */
  readonly children?: readonly string[]
  /** Ids of those whose guardian the person is, in matters of pension and tax. */
  readonly wards?: readonly string[]
  /** Manager of the first company of the synthetic country. */
  readonly isManager?: true
}

const on = (date: string): Birth => ({ on: date })
const aged = (age: number, birthday: string): Birth => ({ age, birthday })

/** New rows go last: the place in this list chooses the serial number, and hence the identity number. */
// prettier-ignore
export const PERSON_ROWS: readonly PersonRow[] = [
  { id: 'astrid-haugen', givenName: 'Astrid', familyName: 'Haugen', born: aged(90, '05-14'), children: ['berit-haugen'] },
  { id: 'berit-haugen', givenName: 'Berit', familyName: 'Haugen', born: on('1962-09-03') },
  { id: 'olaug-myhre', givenName: 'Olaug', familyName: 'Myhre', born: on('1949-01-27') },
  { id: 'ola-nordby', givenName: 'Ola', familyName: 'Nordby', born: on('1978-03-19') },
  { id: 'kari-nordby', givenName: 'Kari', familyName: 'Nordby', born: on('1980-11-02') },
  { id: 'per-lunde', givenName: 'Per', familyName: 'Lunde', born: on('1955-06-23') },
  { id: 'hanne-lunde', givenName: 'Hanne', familyName: 'Lunde', born: on('1983-08-11') },
  { id: 'tor-bakken', givenName: 'Tor', familyName: 'Bakken', born: on('1969-12-05') },
  { id: 'liv-bakken', givenName: 'Liv', familyName: 'Bakken', born: on('1971-04-30') },
  { id: 'anne-dahl', givenName: 'Anne', familyName: 'Dahl', born: on('1990-07-16') },
  { id: 'jon-dahl', givenName: 'Jon', familyName: 'Dahl', born: on('1988-02-08') },
  { id: 'sissel-vik', givenName: 'Sissel', familyName: 'Vik', born: on('1966-10-21') },
  { id: 'magnus-vik', givenName: 'Magnus', familyName: 'Vik', born: on('1994-05-09') },
  { id: 'marit-strand', givenName: 'Marit', familyName: 'Strand', born: on('1997-03-03') },
  { id: 'gunnar-strand', givenName: 'Gunnar', familyName: 'Strand', born: on('1964-09-29') },
  { id: 'emma-berge', givenName: 'Emma', familyName: 'Berge', born: aged(11, '02-17') },
  { id: 'silje-berge', givenName: 'Silje', familyName: 'Berge', born: on('1984-06-12'), children: ['emma-berge'] },
  { id: 'thomas-berge', givenName: 'Thomas', familyName: 'Berge', born: on('1982-01-31'), children: ['emma-berge'] },
  { id: 'noah-lien', givenName: 'Noah', familyName: 'Lien', born: aged(12, '09-08') },
  { id: 'camilla-lien', givenName: 'Camilla', familyName: 'Lien', born: on('1986-04-04'), children: ['noah-lien'] },
  { id: 'henrik-lien', givenName: 'Henrik', familyName: 'Lien', born: on('1985-12-18'), children: ['noah-lien'] },
  { id: 'risten-eira', givenName: 'Risten', familyName: 'Eira', born: aged(15, '04-22') },
  { id: 'elle-gaup', givenName: 'Elle Márjá', familyName: 'Gaup', born: on('1981-08-25'), children: ['risten-eira'] },
  { id: 'mahtte-eira', givenName: 'Máhtte', familyName: 'Eira', born: on('1979-05-06'), children: ['risten-eira'] },
  { id: 'jonas-saether', givenName: 'Jonas', familyName: 'Sæther', born: aged(16, '07-01') },
  { id: 'siri-saether', givenName: 'Siri', familyName: 'Sæther', born: on('1983-03-27'), children: ['jonas-saether'] },
  { id: 'oystein-saether', givenName: 'Øystein', familyName: 'Sæther', born: on('1980-10-10'), children: ['jonas-saether'] },
  { id: 'ida-kvam', givenName: 'Ida', familyName: 'Kvam', born: aged(17, '11-11') },
  { id: 'lene-kvam', givenName: 'Lene', familyName: 'Kvam', born: on('1978-07-07'), children: ['ida-kvam'] },
  { id: 'asbjorn-kvam', givenName: 'Asbjørn', familyName: 'Kvam', born: on('1977-09-14'), children: ['ida-kvam'] },
  { id: 'sunniva-moe', givenName: 'Sunniva', familyName: 'Moe', born: aged(18, '01-20') },
  { id: 'filip-moe', givenName: 'Filip', familyName: 'Moe', born: aged(5, '06-06') },
  { id: 'randi-moe', givenName: 'Randi', familyName: 'Moe', born: on('1985-02-02'), children: ['sunniva-moe', 'filip-moe'] },
  { id: 'olav-tveit', givenName: 'Olav', familyName: 'Tveit', born: on('1938-08-19'), diedOn: '2024-11-12' },
  { id: 'turid-tveit', givenName: 'Turid', familyName: 'Tveit', born: on('1941-12-24') },
  { id: 'hedda-lind', givenName: 'Hedda', familyName: 'Lind', born: on('1991-01-15'), protectedAddress: true },
  { id: 'aksel-lind', givenName: 'Aksel', familyName: 'Lind', born: aged(12, '03-28'), protectedAddress: true },
  { id: 'aleksandra-nowak', givenName: 'Aleksandra', familyName: 'Nowak', born: on('1992-11-30'), dNumber: true, eidasIdentifier: 'PL/NO/5678' },
  { id: 'sanna-somby', givenName: 'Sánná', familyName: 'Somby', born: on('1987-06-29') },
  { id: 'issat-utsi', givenName: 'Issát', familyName: 'Utsi', born: on('1952-02-20') },
  { id: 'bjarne-aas', givenName: 'Bjarne', familyName: 'Aas', born: on('1974-04-17') },
  { id: 'signe-oyen', givenName: 'Signe', familyName: 'Øyen', born: on('1947-10-04') },
  { id: 'knut-hovland', givenName: 'Knut', familyName: 'Hovland', born: on('1975-03-11'), wards: ['signe-oyen'] },
  { id: 'nils-fjeld', givenName: 'Nils', familyName: 'Fjeld', born: on('1972-06-08'), isManager: true },
]

export const EIDAS_ROWS: readonly (PersonRow & { readonly eidasIdentifier: string })[] = [
  {
    id: 'lars-lindqvist',
    givenName: 'Lars',
    familyName: 'Lindqvist',
    born: on('1970-05-25'),
    eidasIdentifier: 'SE/NO/1234',
  },
]

/** Where a mandate is in its life, as of the day the people are made for. */
export type Situation = 'active' | 'ended_yesterday' | 'expires_tomorrow' | 'offered' | 'frozen' | 'starts_next_month'

export interface MandateRow {
  readonly principal: string
  readonly representative: string
  readonly service: string
  readonly actions: readonly string[]
  readonly situation: Situation
}

// prettier-ignore
export const MANDATE_ROWS: readonly MandateRow[] = [
  { principal: 'astrid-haugen', representative: 'berit-haugen', service: 'nav.pension', actions: ['read', 'communicate'], situation: 'active' },
  { principal: 'astrid-haugen', representative: 'berit-haugen', service: 'health.appointments', actions: ['read', 'communicate', 'write'], situation: 'active' },
  { principal: 'olaug-myhre', representative: 'berit-haugen', service: 'tax.return', actions: ['read'], situation: 'active' },
  { principal: 'ola-nordby', representative: 'kari-nordby', service: 'tax.return', actions: ['read', 'write'], situation: 'active' },
  { principal: 'issat-utsi', representative: 'sanna-somby', service: 'nav.pension', actions: ['read', 'communicate', 'write'], situation: 'active' },
  { principal: 'per-lunde', representative: 'hanne-lunde', service: 'nav.pension', actions: ['read', 'write'], situation: 'ended_yesterday' },
  { principal: 'tor-bakken', representative: 'liv-bakken', service: 'tax.return', actions: ['read', 'write'], situation: 'expires_tomorrow' },
  { principal: 'anne-dahl', representative: 'jon-dahl', service: 'health.appointments', actions: ['read', 'communicate'], situation: 'offered' },
  { principal: 'jonas-saether', representative: 'siri-saether', service: 'health.appointments', actions: ['read', 'communicate', 'write'], situation: 'offered' },
  { principal: 'sissel-vik', representative: 'magnus-vik', service: 'nav.social-services', actions: ['read', 'communicate'], situation: 'frozen' },
  { principal: 'marit-strand', representative: 'gunnar-strand', service: 'muni.school', actions: ['read', 'communicate'], situation: 'starts_next_month' },
]
