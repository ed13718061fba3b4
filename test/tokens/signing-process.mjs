import { fixedKeys } from '../../dist/dev/fixed-keys.js'
import { keepSigning } from '../../dist/src/tokens/status-signing.js'

/** Signs the lists until it is killed: what a test needs of another instance. */
const { databaseUrl, issuer, jwk, silence } = JSON.parse(process.argv[2])
const onFault = () => undefined
await keepSigning({ databaseUrl, issuer, keys: await fixedKeys(jwk), onFault, silence })
process.send('signing')
