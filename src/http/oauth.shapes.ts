import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger'

/** The form of `/oauth/token`, for the description of the interface; `readTokenForm` reads it. */
export class TokenRequestBody {
  @ApiProperty({ enum: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'] })
  grant_type: string

  @ApiProperty({ enum: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'] })
  client_assertion_type: string

  @ApiProperty({
    description: 'JWT signed with a registered key: iss = sub = client_id, aud = the issuer, exp at most 300 s ahead',
  })
  client_assertion: string

  @ApiPropertyOptional({ description: 'If sent, the one of the assertion' })
  client_id?: string

  @ApiPropertyOptional({
    description: 'Space-separated: nav.pension.read. Left out: everything that is allowed at the audience',
  })
  scope?: string

  @ApiPropertyOptional({ description: 'Token exchange: the handle of the representation' })
  subject_token?: string

  @ApiPropertyOptional({ description: '<issuer>/token-type/representation-handle' })
  subject_token_type?: string

  @ApiPropertyOptional({ description: 'Token exchange: the actor grant of the session' })
  actor_token?: string

  @ApiPropertyOptional({ description: '<issuer>/token-type/actor-grant' })
  actor_token_type?: string

  @ApiPropertyOptional({
    description:
      'Token exchange: <act_id>.<content_hash> of an act that several have agreed to. The token is for it alone, and there is one',
  })
  act_reference?: string

  @ApiPropertyOptional({ enum: ['urn:ietf:params:oauth:token-type:access_token'] })
  requested_token_type?: string

  @ApiPropertyOptional({
    description: 'Token exchange: the registered audience; or send audience',
  })
  resource?: string

  @ApiPropertyOptional({ description: 'The same as resource' })
  audience?: string

  @ApiPropertyOptional({
    description:
      'JSON array of {type: <issuer>/rar/representation, datatypes?, actions?, provider?, object?}. It only narrows',
  })
  authorization_details?: string
}

/** An entry of the granted `authorization_details`. */
export class RepresentationDetailBody {
  @ApiProperty()
  type: string

  @ApiProperty({ type: [String] })
  locations: string[]

  @ApiProperty({ type: [String] })
  actions: string[]

  @ApiProperty({ type: [String], description: 'The service' })
  datatypes: string[]

  @ApiProperty({ description: 'The handle of the representation' })
  identifier: string

  @ApiProperty({
    type: 'object',
    properties: { method: { type: 'string', enum: ['delegated', 'appointed', 'statutory'] } },
    required: ['method'],
  })
  granted_by: object

  @ApiProperty()
  basis: string

  @ApiPropertyOptional({ description: 'Organisation number, where the power is limited to one provider' })
  provider?: string

  @ApiPropertyOptional({ description: 'Where the power is limited to one case, property or journey' })
  object?: string

  @ApiPropertyOptional({ format: 'date-time', description: 'Left out where the ground has no end set' })
  valid_until?: string

  @ApiProperty({ enum: [false] })
  may_delegate: boolean

  @ApiPropertyOptional({ type: [String], description: 'What the service must see to: introspect, stale_facts' })
  obligations?: string[]
}

export class NumberedPersonBody {
  @ApiProperty()
  name: string

  @ApiProperty({ description: 'Identity number' })
  pid: string
}

/** The last entry, for audiences that are registered as readers of that shape. */
export class IdportenDetailBody {
  @ApiProperty({ enum: ['idporten:fullmakt'] })
  type: string

  @ApiProperty({ description: 'The principal' })
  authorizer: NumberedPersonBody

  @ApiProperty({ description: 'The one who acts' })
  authorized_representative: NumberedPersonBody

  @ApiProperty({
    type: 'array',
    description: 'Guardian tasks of Folkeregisteret of which the token gives all',
    items: {
      type: 'object',
      properties: { owner: { type: 'string' }, role: { type: 'string' } },
      required: ['owner', 'role'],
    },
  })
  permissions: object[]
}

const DETAILS = {
  type: 'array' as const,
  items: { oneOf: [{ $ref: getSchemaPath(RepresentationDetailBody) }, { $ref: getSchemaPath(IdportenDetailBody) }] },
}

@ApiExtraModels(RepresentationDetailBody, IdportenDetailBody)
export class TokenAnswerBody {
  @ApiProperty()
  access_token: string

  @ApiProperty({ enum: ['Bearer', 'DPoP'] })
  token_type: string

  @ApiProperty({ description: 'Seconds' })
  expires_in: number

  @ApiProperty()
  scope: string

  @ApiPropertyOptional({ enum: ['urn:ietf:params:oauth:token-type:access_token'] })
  issued_token_type?: string

  @ApiPropertyOptional(DETAILS)
  authorization_details?: object[]

  @ApiPropertyOptional({ description: 'The principal’s number, for clients with a legal basis to know it' })
  principal_identifier?: string
}

/** The form of `/oauth/introspect` and `/oauth/revoke`. */
export class TokenBody {
  @ApiProperty({ description: 'A delegation token; to be revoked also an actor grant' })
  token: string

  @ApiPropertyOptional({ description: 'Is not looked at' })
  token_type_hint?: string

  @ApiProperty({ enum: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'] })
  client_assertion_type: string

  @ApiProperty({ description: 'As at /oauth/token' })
  client_assertion: string

  @ApiPropertyOptional({ description: 'If sent, the one of the assertion' })
  client_id?: string
}

/** With `active: false` there is no other member. */
export class IntrospectionBody {
  @ApiProperty({
    description:
      'Whether we issued it for an audience of this client, it is neither over nor revoked, and all of its powers are given now',
  })
  active: boolean

  @ApiPropertyOptional()
  iss?: string

  @ApiPropertyOptional()
  aud?: string

  @ApiPropertyOptional({ description: 'The handle of the principal' })
  sub?: string

  @ApiPropertyOptional()
  client_id?: string

  @ApiPropertyOptional({ type: 'integer' })
  iat?: number

  @ApiPropertyOptional({ type: 'integer' })
  exp?: number

  @ApiPropertyOptional()
  jti?: string

  @ApiPropertyOptional({ enum: ['Bearer', 'DPoP'] })
  token_type?: string

  @ApiPropertyOptional({
    type: 'object',
    description: 'The one who acts',
    properties: { iss: { type: 'string' }, sub: { type: 'string' }, sub_profile: { type: 'string', enum: ['user'] } },
    required: ['iss', 'sub', 'sub_profile'],
  })
  act?: object

  @ApiPropertyOptional({
    type: 'object',
    description: 'Thumbprint of the key that the token is bound to',
    properties: { jkt: { type: 'string' } },
    required: ['jkt'],
  })
  cnf?: object

  @ApiPropertyOptional()
  acr?: string

  @ApiPropertyOptional({ type: 'integer' })
  auth_time?: number

  @ApiPropertyOptional()
  scope?: string

  @ApiPropertyOptional({ ...DETAILS, description: 'As they are now' })
  authorization_details?: object[]

  @ApiPropertyOptional()
  evaluation_id?: string

  @ApiPropertyOptional({ description: 'The principal’s number, for clients with a legal basis to know it' })
  principal_identifier?: string
}

export class OAuthErrorBody {
  @ApiProperty({
    enum: [
      'invalid_request',
      'invalid_client',
      'unsupported_grant_type',
      'invalid_scope',
      'invalid_target',
      'invalid_authorization_details',
      'invalid_dpop_proof',
      'unsupported_token_type',
      'temporarily_unavailable',
      'server_error',
    ],
  })
  error: string

  @ApiPropertyOptional()
  error_description?: string
}
