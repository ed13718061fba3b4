import { PensionService } from '../pension-service.js'
import { placeBesideNpmStart } from '../place.js'
import { nestService } from './service.js'

/** `npm run example:nest`, while `npm start` runs in another terminal. */
const place = placeBesideNpmStart()
const app = await nestService(await PensionService.open(place))
await app.listen(Number(new URL(place.url).port), 'localhost')
console.log(`The example with NestJS: ${place.url}`)
