import { PensionService } from '../pension-service.js'
import { placeBesideNpmStart } from '../place.js'
import { fastifyService } from './service.js'

/** `npm run example:fastify`, while `npm start` runs in another terminal. */
const place = placeBesideNpmStart()
const app = fastifyService(await PensionService.open(place))
await app.listen({ host: 'localhost', port: Number(new URL(place.url).port) })
console.log(`The example with Fastify: ${place.url}`)
