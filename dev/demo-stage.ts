import type { DemoPerson } from './demo-people.js'
import type { RelyingService } from './demo-relying-service.js'

/** Where the main job is done, and by whom. */
export interface Stage {
  readonly url: string
  /** Issuer of the stand-in ID-porten. */
  readonly idporten: string
  /** Gives. */
  readonly turid: DemoPerson
  /** Acts. */
  readonly bjarne: DemoPerson
  readonly nav: RelyingService
}
