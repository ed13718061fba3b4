import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Which delegation tokens are out, which proofs of possession have been used, and what an audience is told and how. */
export class IssuedTokens1795410000000 implements MigrationInterface {
  name = 'IssuedTokens1795410000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TOKENS, AUDIENCES, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const TOKENS = `
-- A delegation token that is out, until it expires: what introspection and revocation go by.
create table issued_token (
  jti uuid primary key,
  client_id text collate "C" not null references client,
  audience text collate "C" not null references audience,
  representation_id uuid not null references representation,
  -- Of an actor grant, which may be forgotten before us.
  grant_hash bytea not null,
  -- The act that it consumed.
  act_id uuid references act,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index issued_token_expiry on issued_token (expires_at);

-- A proof of possession of a key (RFC 9449) is used once.
create table used_dpop_proof (
  jkt text collate "C" not null,
  jti text collate "C" not null,
  expires_at timestamptz not null,
  primary key (jkt, jti)
);
create index used_dpop_proof_expiry on used_dpop_proof (expires_at);
`

const AUDIENCES = `
-- web: the service's own session; api: a resource server without one, its tokens bound to a key;
-- api_with_user_token: one that demands the user's own token beside ours, so that ours need not be bound.
alter table audience drop constraint audience_kind_check;
alter table audience add constraint audience_kind_check check (kind in ('web', 'api', 'api_with_user_token'));

-- with_idporten: each token also has an entry in the shape of idporten:fullmakt, identity numbers included.
alter table audience add column details text not null default 'own' check (details in ('own', 'with_idporten'));
`

const PRIVILEGES = `
grant select, insert, update (revoked_at), delete on issued_token to fullmakt_server;
grant select, insert, delete on used_dpop_proof to fullmakt_server;
`
