import { RegisterFault } from './register-fault.js'
import { type RegisterAccess, RegisterHttp } from './register-http.js'
import { RegisterRecord } from './register-record.js'
import { type RegisteredRole, readRoleDocument, readUnit } from './role-document.js'

export interface RegisteredOrganisation {
  readonly orgnr: string
  /** Null for one that was removed for legal reasons. */
  readonly name: string | null
  /** Struck off or removed: it has no roles any more. */
  readonly ceased: boolean
  readonly roles: readonly RegisteredRole[]
}

/** The roles of this organisation have changed. */
export interface RoleChange {
  readonly id: number
  readonly orgnr: string
  readonly at: Date | null
}

export interface RoleChanges {
  /** In order, with gaps. Empty: nothing has happened since. */
  readonly changes: readonly RoleChange[]
  /** To be asked for next: the last id, or the one that was asked for. Null where no id is known yet. */
  readonly after: number | null
}

export interface EnhetsregisteretOptions extends RegisterAccess {
  /** The scope under which Brønnøysundregistrene give out identity numbers; it stands in the agreement with them. */
  readonly scope: string
}

const PAGE = 1000

/** Enhetsregisteret. Roles come from the authorised interface: the open one has name and birth date, which identify nobody. */
export class Enhetsregisteret {
  private readonly http: RegisterHttp
  private readonly scope: string

  constructor(options: EnhetsregisteretOptions) {
    this.http = new RegisterHttp('enhetsregisteret', options)
    this.scope = options.scope
  }

  /**
   * A main unit and who has a role in it. `unknown` where there is no main unit with this number; a sub-unit is one of those.
   *
   * @throws RegisterFault `incomplete` for a unit that exists and whose roles do not, and what `RegisterHttp` throws.
   */
  async organisation(orgnr: string): Promise<RegisteredOrganisation | 'unknown'> {
    if (!/^\d{9}$/.test(orgnr)) throw new TypeError('not an organisation number')
    const unit = await this.http.ask({ path: `api/enheter/${orgnr}`, scope: null, alsoAnswers: [404, 410] })
    if (unit.status === 404) return 'unknown'
    if (unit.status === 410) return { orgnr, name: null, ceased: true, roles: [] }
    const { name, ceased } = readUnit(unit.body, orgnr)
    return { orgnr, name, ceased, roles: ceased ? [] : await this.roles(orgnr) }
  }

  private async roles(orgnr: string): Promise<readonly RegisteredRole[]> {
    const path = `autorisert-api/enheter/${orgnr}/roller`
    const { status, body } = await this.http.ask({ path, scope: this.scope, alsoAnswers: [404, 410] })
    if (status !== 200) throw new RegisterFault('enhetsregisteret', 'incomplete', 'a unit without a document of roles')
    return readRoleDocument(body)
  }

  /**
   * Up to 1000 organisations whose roles have changed after this id, or since this instant for whoever has no id yet.
   *
   * @throws RegisterFault `out_of_order` and what `RegisterHttp` throws.
   */
  async roleChanges(after: number | Date): Promise<RoleChanges> {
    const from = after instanceof Date ? ['afterTime', after.toISOString()] : ['afterId', String(after)]
    const query = [from as [string, string], ['size', String(PAGE)] as const]
    const { body } = await this.http.ask({ path: 'api/oppdateringer/roller', query, scope: null })
    const changes = RegisterRecord.readList('enhetsregisteret', body, 'roller').map(readChange)
    const start = after instanceof Date ? null : after
    changes.reduce((last, { id }) => {
      if (id <= last) throw new RegisterFault('enhetsregisteret', 'out_of_order')
      return id
    }, start ?? -1)
    return { changes, after: changes.at(-1)?.id ?? start }
  }
}

/** One CloudEvent. */
function readChange(event: RegisterRecord): RoleChange {
  const data = event.record('data') ?? event.refuse('data')
  return {
    id: event.whole('id') ?? event.refuse('id'),
    orgnr: data.orgnr('organisasjonsnummer') ?? data.refuse('organisasjonsnummer'),
    at: event.instant('time'),
  }
}
