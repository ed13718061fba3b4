import { chosen, mixed } from './country-chance.js'
import type { PersonDraft } from './person-documents-draft.js'
import type { Meta, Tjenesteomraade, Vergemaal } from './person-documents.js'

/** The pairs in force in 2026: vergeTjenestevirksomhet and its vergeTjenesteoppgaver. */
const TASKS: Readonly<Record<string, readonly string[]>> = {
  nav: ['arbeid', 'familie', 'hjelpemidler', 'pensjon', 'sosialeTjenester'],
  skatteetaten: ['skatt', 'innkrevingOgTvangsfullbyrdelse', 'endrePostadresse', 'meldeFlytting'],
  helfo: ['fastlege', 'refusjonForPrivatpersoner'],
  pasientreiser: ['refusjonAvPasientreiser'],
  kommune: ['byggOgEiendom', 'helseOgOmsorg', 'skattOgAvgift', 'sosialeTjenester', 'skoleOgUtdanning'],
  husbanken: ['bostoette', 'startlaan'],
  bank: ['representasjonDagligbank', 'taOppLaanKreditter'],
  forsikringsselskap: ['forvalteForsikringsavtaler'],
  inkassoselskap: ['forhandleOgInngaaInkassoavtaler'],
  kredittvurderingsselskap: ['kredittsperre'],
  namsmannen: ['gjeldsordning', 'tvangsfullbyrdelseOgForliksraadet'],
  kartverket: [
    ...['salgAvFastEiendomBorettslagsandel', 'kjoepAvEiendom', 'arvPrivatSkifteOgUskifte', 'endringAvEiendom'],
    ...['avtalerOgRettigheter', 'sletting', 'laaneopptak'],
  ],
  tingretten: ['begjaereUskifte', 'privatSkifteAvDoedsbo', 'begjaereSkifteAvUskiftebo'],
  statsforvalter: ['soekeOmSamtykkeTilDisposisjon'],
  oevrige: [
    ...['kjoepLeieAvVarerOgTjenester', 'inngaaelseAvHusleiekontrakter', 'avslutningAvHusleiekontrakter'],
    ...['salgAvLoesoereAvStoerreVerdi', 'disponereInntekterTilAaDekkeUtgifter'],
  ],
}

/** All pairs in force. */
export const CURRENT_TASKS: readonly Tjenesteomraade[] = Object.entries(TASKS).flatMap(([business, tasks]) =>
  tasks.map((name) => task(business, name)),
)

/** A pair that the register still shows and that gives nothing any more. */
export const EXPIRED_TASK = task('laanekassen', 'laanOgStipend')

/** A pair on no list. */
export const UNKNOWN_TASK = task('romfartsverket', 'maanereise')

export function task(vergeTjenestevirksomhet: string, vergeTjenesteoppgave: string): Tjenesteomraade {
  return { vergeTjenestevirksomhet, vergeTjenesteoppgave }
}

/** Six to fourteen different pairs in force, ten as a mean. */
export function someTasks(seed: number, place: number): readonly Tjenesteomraade[] {
  const count = 6 + chosen(9, seed, place, 40)
  const first = mixed(seed, place, 41) % CURRENT_TASKS.length
  // 42 pairs; 5 has no divisor in common with that, so no pair comes twice.
  return Array.from({ length: count }, (_, i) => CURRENT_TASKS[(first + i * 5) % CURRENT_TASKS.length]).filter(
    (found) => found !== undefined,
  )
}

const OFFICES = [
  ...['statsforvalterenIOsloOgViken', 'statsforvalterenIInnlandet', 'statsforvalterenIVestland'],
  ...['statsforvalterenIRogaland', 'statsforvalterenITroendelag', 'statsforvalterenINordland'],
  ...['statsforvalterenITromsOgFinnmark', 'statsforvalterenIMoereOgRomsdal', 'statsforvalterenIAgder'],
]

export function officeOf(place: number): string {
  return OFFICES[place % OFFICES.length] ?? ''
}

export interface Guardianship {
  readonly guardian: string
  readonly tasks: readonly Tjenesteomraade[]
  readonly meta: Meta
  /** `voksen` where absent. */
  readonly kind?: string
}

/** Puts the ward under guardianship. The register says so on the ward's document only. */
export function giveGuardian(ward: PersonDraft, guardianship: Guardianship): void {
  ward.vergemaalEllerFremtidsfullmakt.push(guardianRow(guardianship, officeOf(ward.index)))
}

export function guardianRow({ guardian, tasks, meta, kind = 'voksen' }: Guardianship, embete: string): Vergemaal {
  return {
    ...meta,
    kilde: 'Statens Sivilrettsforvaltning',
    vergemaaltype: kind,
    embete,
    verge: { foedselsEllerDNummer: guardian, tjenesteomraade: tasks },
  }
}
