import { Spine1795300000000 } from '../../migrations/1795300000000-spine.js'
import { Employment1795390000000 } from '../../migrations/1795390000000-employment.js'
import { StatusLists1795400000000 } from '../../migrations/1795400000000-status-lists.js'
import { IssuedTokens1795410000000 } from '../../migrations/1795410000000-issued-tokens.js'
import { ReportedUses1795430000000 } from '../../migrations/1795430000000-reported-uses.js'
import { Events1795441000000 } from '../../migrations/1795441000000-events.js'
import { SigningKeys1795450000000 } from '../../migrations/1795450000000-signing-keys.js'
import { Evidence1795460000000 } from '../../migrations/1795460000000-evidence.js'
import { Requests1795470000000 } from '../../migrations/1795470000000-requests.js'
import { Notices1795480000000 } from '../../migrations/1795480000000-notices.js'
import { ActingForOrganisations1795493000000 } from '../../migrations/1795493000000-acting-for-organisations.js'
import { TrustedContact1795494000000 } from '../../migrations/1795494000000-trusted-contact.js'

/** In the order in which they run. */
export const migrations = [
  Spine1795300000000,
  Employment1795390000000,
  StatusLists1795400000000,
  IssuedTokens1795410000000,
  ReportedUses1795430000000,
  Events1795441000000,
  SigningKeys1795450000000,
  Evidence1795460000000,
  Requests1795470000000,
  Notices1795480000000,
  ActingForOrganisations1795493000000,
  TrustedContact1795494000000,
]
