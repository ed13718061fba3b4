import { SigningKey } from '../../dist/src/tokens/signing-key.js'
import { keepSigning } from '../../dist/src/tokens/status-signing.js'

/** Signs the lists until it is killed: what a test needs of another instance. */
const { databaseUrl, issuer, jwk, silence } = JSON.parse(process.argv[2])
const onFault = () => undefined
await keepSigning({ databaseUrl, issuer, key: await SigningKey.import(jwk), onFault, silence })
process.send('signing')
