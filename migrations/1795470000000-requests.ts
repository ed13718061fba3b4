import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Asking someone for a mandate, inviting someone by a code, and letters to those who have no screen. */
export class Requests1795470000000 implements MigrationInterface {
  name = 'Requests1795470000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [REQUESTS, INVITATIONS, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const REQUESTS = `
create table mandate_request (
  request_id uuid primary key,
  helper uuid not null references party,
  -- Null where it reaches nobody, of which the helper learns nothing.
  principal uuid references party,
  -- HMAC of the number asked for: the limits hold for numbers that belong to no one as well.
  asked_number bytea not null,
  -- As the helper wrote it: how he knows the request again.
  asked_name text not null,
  powers jsonb not null,
  until date not null,
  message text check (length(message) <= 300),
  made_at timestamptz not null default clock_timestamp(),
  lapses_at timestamptz not null,
  withdrawn_at timestamptz,
  declined_at timestamptz,
  -- A helper who is blocked is not told that he was declined.
  silently boolean not null default false,
  reason text,
  reported boolean not null default false,
  approved_at timestamptz,
  mandate_id uuid references mandate,
  check (helper <> principal),
  check (principal is not null or num_nonnulls(declined_at, approved_at) = 0),
  check (num_nonnulls(approved_at, declined_at) < 2 and num_nonnulls(approved_at, withdrawn_at) < 2),
  check (declined_at is null or withdrawn_at is null or silently),
  check (declined_at is not null or (not silently and not reported and reason is null)),
  check ((approved_at is null) = (mandate_id is null))
);
create index mandate_request_of_helper on mandate_request (helper, request_id desc);
create index mandate_request_age on mandate_request (made_at) where mandate_id is null;
create index mandate_request_of_principal on mandate_request (principal, request_id desc) where principal is not null;

create table request_block (
  principal uuid not null references party,
  helper uuid not null references party,
  made_at timestamptz not null default clock_timestamp(),
  primary key (principal, helper)
);

create table letter (
  letter_id uuid primary key,
  request_id uuid not null unique references mandate_request,
  ordered_at timestamptz not null default clock_timestamp(),
  -- SHA-256 of its code, from when it is written on.
  code_hash bytea unique,
  sent_at timestamptz,
  check (sent_at is null or code_hash is not null)
);
create index letter_to_be_sent on letter (letter_id) where sent_at is null;
`

const INVITATIONS = `
create table invitation (
  invitation_id uuid primary key,
  inviter uuid not null references party,
  label text check (length(label) <= 60),
  code_hash bytea not null unique,
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  redeemed_by uuid references party,
  redeemed_at timestamptz,
  cancelled_at timestamptz,
  -- The mandate that was given by it.
  used_for uuid references mandate,
  check (inviter <> redeemed_by),
  check ((redeemed_by is null) = (redeemed_at is null)),
  check (used_for is null or (redeemed_by is not null and cancelled_at is null))
);
create index invitation_of_inviter on invitation (inviter, invitation_id desc);
`

const PRIVILEGES = `
grant select, insert on mandate_request, request_block, letter, invitation to fullmakt_server;
-- What came to nothing is forgotten in time; a block is lifted.
grant delete on mandate_request, request_block, letter, invitation to fullmakt_server;
grant update (withdrawn_at, declined_at, silently, reason, reported, approved_at, mandate_id) on mandate_request to fullmakt_server;
grant update (code_hash, sent_at) on letter to fullmakt_server;
grant update (expires_at, redeemed_by, redeemed_at, cancelled_at, used_for) on invitation to fullmakt_server;
`
