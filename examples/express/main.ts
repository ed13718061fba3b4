import { PensionService } from '../pension-service.js'
import { placeBesideNpmStart } from '../place.js'
import { expressService, listen } from './service.js'

/** `npm run example:express`, while `npm start` runs in another terminal. */
const place = placeBesideNpmStart()
await listen(expressService(await PensionService.open(place)), Number(new URL(place.url).port))
console.log(`The example with Express: ${place.url}`)
