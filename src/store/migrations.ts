import { Spine1795300000000 } from '../../migrations/1795300000000-spine.js'
import { IssuedTokens1795330000000 } from '../../migrations/1795330000000-issued-tokens.js'

/** In the order in which they run. */
export const migrations = [Spine1795300000000, IssuedTokens1795330000000]
