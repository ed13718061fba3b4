import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.js'
import type { Catalogue, CatalogueVersion } from '../domain/catalogue.js'
import { type Queryable, statement } from './database.js'

const PUBLISH = statement(
  'publish_catalogue',
  `with published as (
     insert into catalogue_version (version, content, content_hash) values ($1, $2, $3)
     on conflict (version) do nothing returning version
   ), listed as (
     insert into catalogue_service (version, service_id) select version, unnest($4::text[]) from published
   )
   select exists (select from published) as published`,
)
const HASH_OF = statement('catalogue_hash', 'select content_hash as hash from catalogue_version where version = $1')

/** What became of a version that was offered for publishing. */
export type Publishing = 'published' | 'already_published' | 'other_content'

/**
 * Publishes a version in one statement; from then on every instance reads it. A version that is already there is left
 * as it is: `other_content` means that it says something else, and that the change needs a new number.
 */
export async function publishCatalogue(db: Queryable, catalogue: CatalogueVersion): Promise<Publishing> {
  const content = canonicalJson(catalogue)
  const hash = createHash('sha256').update(content).digest()
  const serviceIds = catalogue.services.map(({ id }) => id)
  const [row] = await db.query<{ published: boolean }>(PUBLISH, [catalogue.version, content, hash, serviceIds])
  if (row?.published === true) return 'published'
  const [stored] = await db.query<{ hash: Buffer }>(HASH_OF, [catalogue.version])
  return stored?.hash.equals(hash) === true ? 'already_published' : 'other_content'
}

const LOAD = statement(
  'load_catalogue',
  'select version, content from catalogue_version where version = any($1::int[])',
)
const LATEST = statement('latest_catalogue', 'select max(version) as version from catalogue_version')

/**
 * Catalogue versions in memory. They never change, so one that was read once is never read again. Who is in a transaction
 * passes it on: to wait for a second connection while holding one is how a pool locks itself up.
 */
export class Catalogues {
  private readonly versions = new Map<number, CatalogueVersion>()

  /** The catalogue with this version as the current one; every version in `pinned` can be asked of it. */
  async at(db: Queryable, current: number, pinned: readonly number[] = []): Promise<Catalogue> {
    const missing = [...new Set([current, ...pinned])].filter((version) => !this.versions.has(version))
    if (missing.length > 0) await this.load(db, missing)
    return { current: this.version(current), version: (number) => this.version(number) }
  }

  /** The version in force now. */
  async latest(db: Queryable): Promise<Catalogue> {
    const [row] = await db.query<{ version: number | null }>(LATEST, [])
    if (row === undefined || row.version === null) throw new Error('no catalogue has been published')
    return this.at(db, row.version)
  }

  private version(number: number): CatalogueVersion {
    const version = this.versions.get(number)
    if (version === undefined) throw new Error(`catalogue version ${number} was never published`)
    return version
  }

  private async load(db: Queryable, versions: readonly number[]): Promise<void> {
    const rows = await db.query<{ version: number; content: CatalogueVersion }>(LOAD, [versions])
    for (const { version, content } of rows) this.versions.set(version, content)
  }
}
