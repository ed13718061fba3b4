import { Controller, Get, Header, Inject } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { JSONWebKeySet } from 'jose'
import { CLIENT_ASSERTION_ALGORITHMS } from '../login/client-assertion.js'
import { detailTypeOf } from '../tokens/authorization-details.js'
import { DPOP_ALGORITHMS } from '../tokens/dpop-proof.js'
import { SigningKeys } from '../tokens/signing-keys.js'
import { Through } from './door.js'
import { GRANT_TYPES } from './oauth.controller.js'
import { APP_LOGIN, type AppLogin, ISSUER } from './settings.js'

const HELD_FOR = 'public, max-age=60'
/** A key that is removed is out of use everywhere after it. */
const KEYS_HELD_FOR = 'private, max-age=60'

/** What anyone needs to know to ask us for tokens and to verify them. */
@ApiTags('Prove')
@Controller()
@Through('anyone')
export class WellKnownController {
  constructor(
    @Inject(SigningKeys) private readonly signingKeys: SigningKeys,
    @Inject(ISSUER) private readonly issuer: string,
    @Inject(APP_LOGIN) private readonly appLogin: AppLogin,
  ) {}

  /** RFC 8414. Only what exists; `response_types_supported` is required and empty, for there is no authorization endpoint. */
  @Get('.well-known/oauth-authorization-server')
  @Header('Cache-Control', HELD_FOR)
  @ApiOperation({ summary: 'Metadata of the token issuer (RFC 8414)' })
  @ApiResponse({ status: 200, schema: { type: 'object' } })
  metadata(): Readonly<Record<string, string | readonly string[]>> {
    return {
      issuer: this.issuer,
      token_endpoint: `${this.issuer}/oauth/token`,
      jwks_uri: `${this.issuer}/jwks`,
      response_types_supported: [],
      grant_types_supported: GRANT_TYPES,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: CLIENT_ASSERTION_ALGORITHMS,
      introspection_endpoint: `${this.issuer}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['private_key_jwt'],
      introspection_endpoint_auth_signing_alg_values_supported: CLIENT_ASSERTION_ALGORITHMS,
      revocation_endpoint: `${this.issuer}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['private_key_jwt'],
      revocation_endpoint_auth_signing_alg_values_supported: CLIENT_ASSERTION_ALGORITHMS,
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
      authorization_details_types_supported: [detailTypeOf(this.issuer)],
      status_list_aggregation_endpoint: `${this.issuer}/statuslists`,
    }
  }

  /** RFC 9728: how another party's app gets at `/v1/me` for its user. The identity provider issues those tokens, not we. */
  @Get('.well-known/oauth-protected-resource')
  @Header('Cache-Control', HELD_FOR)
  @ApiOperation({ summary: 'Metadata of the interface behind the pages (RFC 9728)' })
  @ApiResponse({ status: 200, schema: { type: 'object' } })
  protectedResource(): Readonly<Record<string, string | readonly string[]>> {
    return {
      resource: this.issuer,
      authorization_servers: [this.appLogin.issuer],
      scopes_supported: [this.appLogin.scope],
      bearer_methods_supported: ['header'],
      resource_name: 'Fullmakt',
      resource_documentation: `${this.issuer}/docs`,
    }
  }

  /**
   * SSF 1.0 section 7.1, as far as it is true: there is one stream for each client, which nobody has to set up, so there
   * is nothing to configure. Where it is read stands in `docs/events.md`.
   */
  @Get('.well-known/ssf-configuration')
  @Header('Cache-Control', HELD_FOR)
  @ApiOperation({ summary: 'Metadata of who tells of events (Shared Signals Framework 1.0)' })
  @ApiResponse({ status: 200, schema: { type: 'object' } })
  signals(): Readonly<Record<string, unknown>> {
    return {
      spec_version: '1_0',
      issuer: this.issuer,
      jwks_uri: `${this.issuer}/jwks`,
      delivery_methods_supported: ['urn:ietf:rfc:8936'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'ALL',
    }
  }

  @Get('jwks')
  // Not by a cache in between: to what it holds, the verifier who asks it would add its own minute.
  @Header('Cache-Control', KEYS_HELD_FOR)
  @Header('Content-Type', 'application/jwk-set+json')
  @ApiOperation({ summary: 'The keys that our tokens are signed with (RFC 7517)' })
  @ApiResponse({ status: 200, schema: { type: 'object' } })
  keys(): JSONWebKeySet {
    return this.signingKeys.keySet()
  }
}
