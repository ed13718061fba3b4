import { SigningKey } from '../../dist/src/tokens/signing-key.js'
import { keepSigning } from '../../dist/src/tokens/status-signing.js'

/** Signs the lists until it is killed: what a test needs of another instance. */
const { databaseUrl, issuer, jwk } = JSON.parse(process.argv[2])
const onFault = (error) => console.error(error)
await keepSigning({ databaseUrl, issuer, key: await SigningKey.import(jwk), onFault })
process.send('signing')
