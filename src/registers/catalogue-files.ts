import { readFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  BASES,
  type CatalogueVersion,
  type LifeArea,
  type Organisation,
  type PersonalByLaw,
  type RiskClass,
} from '../domain/catalogue.js'
import type { KnownTasks } from './person-relations.js'
import type { GuardianTask, OrganisationRole } from './catalogue-rules.js'
import { type ReadService, SERVICE_ID, serviceReader } from './catalogue-service.js'
import { type CitizenText, actions, legal, orgnr, words } from './catalogue-values.js'
import {
  CatalogueError,
  type Reader,
  checked,
  list,
  matching,
  oneOf,
  openYaml,
  optional,
  record,
  text,
  whole,
  yesOrNo,
} from './yaml-reader.js'

export { CatalogueError } from './yaml-reader.js'

const SINGLE_FILES = [
  'version',
  'organisations',
  'risk-classes',
  'life-areas',
  'guardian-tasks',
  'roles',
  'personal-by-law',
] as const
type SingleFile = (typeof SINGLE_FILES)[number]

/** Names are relative to the folder, e.g. `services/nav.yaml`. */
export type CatalogueContents = ReadonlyMap<string, string>

/**
 * Reads the catalogue from its folder (`catalogue/README.md` says what lies there). The result is frozen through.
 *
 * @throws CatalogueError with file, line and reason at the first thing that is not as it must be.
 */
export async function readCatalogueFiles(folder: string): Promise<CatalogueVersion> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new CatalogueError(basename(folder), 1, `the folder cannot be read: ${String(cause)}`)
  })
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    .filter((name) => name !== 'README.md')
    .sort()
  const contents = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  )
  return parseCatalogue(basename(folder), new Map(contents))
}

/**
 * The tasks of guardians that the catalogue knows, for reading documents of the population register.
 *
 * @throws CatalogueError
 */
export async function readGuardianTasks(folder: string): Promise<KnownTasks> {
  const name = join(folder, 'guardian-tasks.yaml')
  const content = await readFile(name, 'utf8').catch((cause: unknown) => {
    throw new CatalogueError(name, 1, `the file cannot be read: ${String(cause)}`)
  })
  return new Map(guardianTaskList(openYaml(name, content)).map(({ task, expired }) => [task, { expired }]))
}

/** The pure half of `readCatalogueFiles`: `folder` is only what the files are called by in refusals. */
export function parseCatalogue(folder: string, contents: CatalogueContents): CatalogueVersion {
  refuseStrangers(folder, contents)
  const organisations = single('organisations', organisationList)
  const riskClasses = single('risk-classes', riskClassList)
  const lifeAreas = single('life-areas', lifeAreaList)
  const services = readServices(folder, contents, {
    organisations: organisations.map((organisation) => organisation.orgnr),
    riskClasses: riskClasses.map(({ id }) => id),
    lifeAreas: lifeAreas.map(({ id }) => id),
    guardianTasks: single('guardian-tasks', guardianTaskList),
    roles: single('roles', roleList),
  })
  const personal = single('personal-by-law', personalList(services.map(({ service }) => service.id)))
  return deepFreeze({
    version: single('version', versionFile).version,
    organisations,
    riskClasses,
    lifeAreas: lifeAreas.map(({ id, name }): LifeArea => ({ id, name: name.text })),
    services: services.map(({ service }) => service),
    personalByLaw: personal.map((rule): PersonalByLaw => ({ ...rule, text: rule.text.text })),
    unreadSami: [
      ...lifeAreas.flatMap(({ id, name }) => (name.samiUnread ? [`life_areas.${id}`] : [])),
      ...services.flatMap(({ unreadSami }) => unreadSami),
      ...personal.flatMap(unreadPersonal),
    ],
  })

  function single<T>(name: SingleFile, read: Reader<T>): T {
    const content = contents.get(`${name}.yaml`)
    if (content === undefined) throw new CatalogueError(`${folder}/${name}.yaml`, 1, 'the file is missing')
    return read(openYaml(`${folder}/${name}.yaml`, content))
  }
}

/** One line for the table that is printed at start. */
export function summarise(catalogue: CatalogueVersion): string {
  const { services, version, unreadSami } = catalogue
  return `${services.length} services, version ${version}, ${unreadSami.length} Sámi texts not yet read by a speaker`
}

const versionFile = record({ version: whole(1, 1_000_000) })

const organisationList: Reader<readonly Organisation[]> = list(
  record({ orgnr, name: text }),
  ({ orgnr: number }) => number,
)

const riskClassList: Reader<readonly RiskClass[]> = list(
  record({
    id: matching(/^[a-z]+$/, 'the name of a risk class'),
    freshnessMinutes: whole(1, 10_080),
    proof: oneOf('proof', ['asserted', 'login_token']),
    introspect: yesOrNo,
    coolingOffHours: whole(0, 168),
  }),
  ({ id }) => id,
)

const lifeAreaList = list(record({ id: matching(/^[a-z]+$/, 'the name of a life area'), name: words }), ({ id }) => id)

const guardianTaskList: Reader<readonly GuardianTask[]> = list(
  record({
    task: matching(/^[a-zA-Z]+\/[a-zA-Z]+$/, 'a guardian task like nav/pensjon'),
    consentForAct: optional(yesOrNo, false),
    expired: optional(yesOrNo, false),
  }),
  ({ task }) => task,
)

const roleList: Reader<readonly OrganisationRole[]> = list(
  record({
    role: matching(/^[A-ZÆØÅ]{3,4}$/, 'the code of a role like DAGL'),
    name: text,
    joint: optional(yesOrNo, false),
  }),
  ({ role }) => role,
)

type PersonalInFile = Omit<PersonalByLaw, 'text'> & { readonly text: CitizenText }

/** A matter with a dot in its name is a service and must be one; others, such as `vote`, no service offers. */
function personalList(serviceIds: readonly string[]): Reader<readonly PersonalInFile[]> {
  const matter = checked(matching(/^[a-z]+(\.[a-z]+)?(-[a-z]+)*$/, 'a service id or the name of a matter'), (name) =>
    SERVICE_ID.test(name) && !serviceIds.includes(name) ? { at: [], reason: `unknown service "${name}"` } : null,
  )
  const rule = record({
    id: matching(/^[a-z]+(-[a-z]+)*$/, 'the name of a rule'),
    bases: list(oneOf('basis', BASES), String),
    services: list(matter, String),
    actions,
    ...legal,
    text: words,
  })
  return list(rule, ({ id }) => id)
}

function unreadPersonal({ id, text: { samiUnread } }: PersonalInFile): readonly string[] {
  return samiUnread ? [`personal_by_law.${id}`] : []
}

type Known = Parameters<typeof serviceReader>[0]

/** Each file holds the services whose ids begin with its name; an id stands once in the whole catalogue. */
function readServices(folder: string, contents: CatalogueContents, known: Known): readonly ReadService[] {
  return [...contents].flatMap(([name, content]) => {
    const [, prefix] = SERVICE_FILE.exec(name) ?? []
    if (prefix === undefined) return []
    const inItsFile = checked(serviceReader(known), ({ service: { id } }) =>
      id.startsWith(`${prefix}.`) ? null : { at: ['id'], reason: `"${id}" does not belong in ${prefix}.yaml` },
    )
    return list(inItsFile, ({ service }) => service.id)(openYaml(`${folder}/${name}`, content))
  })
}

const SERVICE_FILE = /^services\/([a-z]+)\.yaml$/

/** A misnamed file would otherwise be left out without a word. */
function refuseStrangers(folder: string, contents: CatalogueContents): void {
  for (const name of contents.keys()) {
    const known = SERVICE_FILE.test(name) || SINGLE_FILES.some((single) => name === `${single}.yaml`)
    if (!known) throw new CatalogueError(`${folder}/${name}`, 1, 'no such file belongs in the catalogue')
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
