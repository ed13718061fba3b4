import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Parties, catalogue, mandates, logins, clients and the log. `migrations/schema.sql` shows the result.
 *
 * The roles `fullmakt_owner` (migrates) and `fullmakt_server` (serves) exist before the first migration.
 */
export class Spine1795300000000 implements MigrationInterface {
  name = 'Spine1795300000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [PARTIES, CATALOGUE, CLIENTS, MANDATES, LOGINS, AUDIT, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const PARTIES = `
create extension if not exists btree_gist;

create table party (
  party_id uuid primary key,
  kind text not null check (kind in ('person', 'organisation')),
  created_at timestamptz not null default clock_timestamp()
);

-- One party may bear several identifiers over time; one identifier never names two parties.
create table party_identifier (
  scheme text collate "C" not null check (scheme in ('fnr', 'dnr', 'orgnr', 'eidas')),
  value text collate "C" not null,
  party_id uuid not null references party,
  known_since timestamptz not null default clock_timestamp(),
  -- A number that the register has replaced still finds the party.
  replaced_at timestamptz,
  primary key (scheme, value)
);
create index party_identifier_of_party on party_identifier (party_id);

-- How complete each register's facts are known to be.
create table register_freshness (
  source text collate "C" primary key,
  fresh_at timestamptz not null
);

-- Where we are in what a register tells of its changes: a number, or an instant where no number is known yet.
create table register_cursor (
  source text collate "C" primary key references register_freshness,
  position bigint check (position >= 0),
  since timestamptz,
  check (num_nonnulls(position, since) = 1)
);

-- Whose document could not be taken in, and why. Nothing is known for sure of them, and they are asked for again.
create table register_refusal (
  source text collate "C" not null references register_freshness,
  scheme text collate "C" not null check (scheme in ('fnr', 'dnr', 'orgnr')),
  value text collate "C" not null,
  code text collate "C" not null,
  since timestamptz not null default clock_timestamp(),
  primary key (source, scheme, value)
);

-- What a register says of a party. Nothing is overwritten: a change closes "recorded" and adds a row.
create table party_fact (
  party_id uuid not null references party,
  source text collate "C" not null references register_freshness,
  name text not null,
  family_name text,
  born_on date,
  died_on date,
  -- The number was closed for good, or the organisation struck off.
  ceased boolean not null default false,
  protected_address boolean not null,
  capacity_lost text[] not null default '{}' check (capacity_lost <@ array['economic', 'personal', 'unknown']),
  -- Opaque keys by which co-residence can be seen; never an address.
  residences text[] collate "C" not null default '{}',
  recorded tstzrange not null check (not isempty(recorded) and not lower_inf(recorded)),
  -- What is closed does not overlap. What is open is one row, by the index below, and begins later, by a trigger: an
  -- index of ranges over everything that is known now would take most of the time of a first load.
  exclude using gist (party_id with =, recorded with &&) where (not upper_inf(recorded))
);
-- With all that a decision asks of a party, so that it is read from the index alone.
create unique index party_fact_current on party_fact (party_id) include (born_on, died_on, ceased, protected_address, capacity_lost, residences, source)
  where upper_inf(recorded);

-- What is recorded is open; all that may become of it is that it is closed, once.
create function recorded_is_closed_once() returns trigger language plpgsql as $$
begin
  if not upper_inf(case tg_op when 'INSERT' then new.recorded else old.recorded end) then
    raise exception 'what was recorded is closed' using errcode = '23514';
  end if;
  if tg_op = 'UPDATE' and (upper_inf(new.recorded) or new.recorded <> tstzrange(lower(old.recorded), upper(new.recorded))) then
    raise exception 'what was recorded can only be closed' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger party_fact_closed_once before insert or update on party_fact
  for each row execute function recorded_is_closed_once();

-- After the insert, so that it sees what was closed by whoever the insert had to wait for.
create function party_fact_follows() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from public.party_fact earlier
     where earlier.party_id = new.party_id and not upper_inf(earlier.recorded) and earlier.recorded && new.recorded
  ) then raise exception 'recorded before what was closed' using errcode = '23P01'; end if;
  return null;
end $$;
create trigger party_fact_follows after insert on party_fact
  for each row execute function party_fact_follows();
`

const CATALOGUE = `
-- Immutable: a change is a new version, and publishing it is this one insert, which every instance sees at once.
create table catalogue_version (
  version integer primary key check (version > 0),
  content jsonb not null,
  content_hash bytea not null,
  published_at timestamptz not null default clock_timestamp()
);

create table catalogue_service (
  version integer not null references catalogue_version,
  service_id text collate "C" not null,
  primary key (version, service_id)
);
`

const CLIENTS = `
create table client (
  client_id text collate "C" primary key,
  name text not null,
  organisation text collate "C" not null,
  jwks jsonb not null,
  -- The services it may ask about.
  services text[] not null,
  -- The client it has at the identity provider: a login token of its user must have been issued to that one.
  login_issuer text,
  login_client_id text,
  -- Whether it has a legal basis to ask with identity numbers and to receive them.
  may_use_numbers boolean not null,
  -- The kinds of rulings that it may tell us of.
  may_rule text[] not null default '{}' check (may_rule <@ array
    ['care_order', 'set_guardian', 'conflict_of_interest', 'reservation', 'consent', 'lasting_power_scope']),
  created_at timestamptz not null default clock_timestamp(),
  check ((login_issuer is null) = (login_client_id is null))
);

create table audience (
  audience text collate "C" primary key,
  client_id text collate "C" not null references client,
  -- web: the service's own session; api: a resource server without one.
  kind text not null check (kind in ('web', 'api')),
  services text[] not null
);
create index audience_of_client on audience (client_id);

-- A used client assertion is used for good.
create table used_jti (
  client_id text collate "C" not null references client,
  jti text collate "C" not null,
  expires_at timestamptz not null,
  primary key (client_id, jti)
);
create index used_jti_expiry on used_jti (expires_at);

-- What a client calls a party or a representation: random, different for each client.
create table handle (
  handle text collate "C" primary key,
  client_id text collate "C" not null references client,
  party_id uuid references party,
  representation_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  check (num_nonnulls(party_id, representation_id) = 1),
  unique (client_id, party_id),
  unique (client_id, representation_id)
);
`

const MANDATES = `
-- Identity only; what it says has versions.
create table representation (
  representation_id uuid primary key,
  principal uuid not null references party,
  -- Null where a register knows of a holder but not his number.
  representative uuid references party,
  basis text not null check (basis in ('mandate', 'parent', 'guardian', 'lasting_power', 'organisation_role', 'employment', 'estate')),
  source text collate "C" not null,
  source_reference text collate "C",
  parent uuid references representation,
  created_at timestamptz not null default clock_timestamp(),
  check (principal <> representative),
  unique (representation_id, basis),
  unique (representation_id, principal, representative)
);
create index representation_of_pair on representation (principal, representative);
create index representation_of_representative on representation (representative, principal);
create index representation_of_parent on representation (parent) where parent is not null;
alter table handle add foreign key (representation_id) references representation;

-- Passed on once only, from a mandate of the same principal, to a third person. Identities never change, so it holds for good.
create function representation_passed_on() returns trigger language plpgsql as $$
begin
  if new.basis <> 'mandate' or not exists (
    select from public.representation above
     where above.representation_id = new.parent and above.basis = 'mandate' and above.parent is null
       and above.principal = new.principal and above.representative <> new.representative
  ) then raise exception 'only a mandate of the same principal is passed on, once, to a third person' using errcode = '23514'; end if;
  return new;
end $$;
create trigger representation_passed_on before insert or update on representation
  for each row when (new.parent is not null) execute function representation_passed_on();

-- One ground for each thing that a register tells: what it says now is in its versions.
create unique index representation_of_register on representation (principal, basis, source, source_reference)
  where basis <> 'mandate';

-- What a register says of a ground: never powers or ages, which follow from it. Nothing is overwritten.
create table relation_version (
  representation_id uuid not null references representation,
  -- The register's own code: foreldreansvar, vergemaaltype or role.
  says text collate "C" not null,
  -- Of a guardian: vergeTjenestevirksomhet/vergeTjenesteoppgave, sorted, each once.
  tasks text[] collate "C" not null default '{}',
  valid tstzrange not null check (not isempty(valid)),
  recorded tstzrange not null check (not isempty(recorded) and not lower_inf(recorded)),
  exclude using gist (representation_id with =, recorded with &&) where (not upper_inf(recorded))
);
create unique index relation_version_current on relation_version (representation_id) where upper_inf(recorded);
create trigger relation_version_closed_once before insert or update on relation_version
  for each row execute function recorded_is_closed_once();
create function relation_version_follows() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from public.relation_version earlier
     where earlier.representation_id = new.representation_id and not upper_inf(earlier.recorded)
       and earlier.recorded && new.recorded
  ) then raise exception 'recorded before what was closed' using errcode = '23P01'; end if;
  return null;
end $$;
create trigger relation_version_follows after insert on relation_version
  for each row execute function relation_version_follows();

-- What an authority has decided, or a person has reserved, about acting for someone.
create table ruling (
  ruling_id uuid not null,
  kind text not null check (kind in
    ('care_order', 'set_guardian', 'conflict_of_interest', 'reservation', 'consent', 'lasting_power_scope')),
  principal uuid not null references party,
  representative uuid references party,
  service_id text collate "C",
  action text collate "C" check (action in ('read', 'communicate', 'write', 'sign', 'receive', 'consent')),
  object text collate "C",
  -- The client or the person who told us, and the name the matter has there.
  made_by_client text collate "C" references client,
  made_by_party uuid references party,
  reference text,
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid)),
  recorded tstzrange not null check (not isempty(recorded) and not lower_inf(recorded)),
  check (num_nonnulls(made_by_client, made_by_party) = 1),
  check (kind not in ('set_guardian', 'lasting_power_scope') or representative is not null),
  check (kind <> 'consent' or (service_id is not null and action is not null and object is not null)),
  check (kind <> 'lasting_power_scope' or service_id is not null),
  exclude using gist (ruling_id with =, recorded with &&)
);
create unique index ruling_of_client on ruling (made_by_client, reference) where upper_inf(recorded);
create index ruling_of_party on ruling (made_by_party) where upper_inf(recorded) and made_by_party is not null;
create index ruling_of_principal on ruling (principal) where upper_inf(recorded);

-- One concrete thing that several must agree to, bound to the hash of its content.
create table act (
  act_id uuid primary key,
  client_id text collate "C" not null references client,
  principal uuid not null references party,
  -- Who began it; his own agreement is in the beginning.
  opened_by uuid not null references party,
  level text not null check (level in ('low', 'substantial', 'high')),
  authenticated_at timestamptz not null,
  -- His ground, which the others hold alike.
  representation_id uuid not null references representation,
  basis text not null check (basis in ('parent', 'organisation_role')),
  service_id text collate "C" not null,
  action text collate "C" not null,
  provider text collate "C",
  object text collate "C",
  -- What the others are shown, and the SHA-256 of what will be done.
  text text not null,
  content_hash bytea not null check (octet_length(content_hash) = 32),
  opened_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  completed_at timestamptz,
  check (expires_at > opened_at)
);
create index act_of_principal on act (principal) where completed_at is null;

-- Each answers once.
create table approval (
  act_id uuid not null references act,
  party_id uuid not null references party,
  approved boolean not null,
  answered_at timestamptz not null default clock_timestamp(),
  primary key (act_id, party_id)
);

-- A text that the giver has been shown and may confirm, once.
create table mandate_draft (
  draft_id uuid primary key,
  giver uuid not null references party,
  content jsonb not null,
  language text not null check (language in ('nb', 'nn', 'en', 'se')),
  text text not null,
  text_hash bytea not null,
  catalogue_version integer not null references catalogue_version,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  confirmed_as uuid
);
create index mandate_draft_expiry on mandate_draft (expires_at);

create table mandate (
  mandate_id uuid primary key,
  basis text not null default 'mandate' check (basis = 'mandate'),
  version integer not null check (version > 0),
  -- Until when an offer can be accepted; null where nothing had to be accepted.
  answer_by timestamptz,
  foreign key (mandate_id, basis) references representation (representation_id, basis)
);
alter table mandate_draft add foreign key (confirmed_as) references mandate;

-- Every change: who, when, why, and for what was given or widened the exact text that was confirmed.
create table mandate_version (
  mandate_id uuid not null references mandate,
  version integer not null check (version > 0),
  change text not null check (change in
    ('given', 'accepted', 'declined', 'narrowed', 'extended', 'frozen', 'thawed', 'ended', 'cancelled')),
  -- A person, or the register that told of a death.
  made_by uuid references party,
  made_by_register text collate "C" references register_freshness,
  made_at timestamptz not null,
  reason text,
  language text,
  text text,
  text_hash bytea,
  catalogue_version integer references catalogue_version,
  primary key (mandate_id, version),
  check (num_nonnulls(made_by, made_by_register) = 1),
  check (made_by_register is null or change = 'ended'),
  check ((change in ('given', 'extended')) = (text is not null)),
  check (num_nulls(language, text, text_hash, catalogue_version) in (0, 4))
);

create table mandate_power (
  mandate_power_id uuid not null,
  mandate_id uuid not null references mandate,
  version integer not null,
  principal uuid not null,
  representative uuid not null,
  -- The principal, or the representative of the mandate that it was passed on from.
  given_by uuid not null references party,
  service_id text collate "C" not null,
  action text collate "C" not null check (action in ('read', 'communicate', 'write', 'sign', 'receive')),
  provider text collate "C",
  object text collate "C",
  catalogue_version integer not null,
  state text not null check (state in ('offered', 'held', 'active', 'frozen', 'ended', 'declined', 'cancelled')),
  -- Whether the representative may pass it on, once.
  passing_on boolean not null,
  -- When it holds in the world, and when we knew it.
  valid tstzrange not null check (not isempty(valid) and not lower_inf(valid) and not upper_inf(valid)
    and lower_inc(valid) and not upper_inc(valid)),
  recorded tstzrange not null check (not isempty(recorded) and not lower_inf(recorded)),
  foreign key (mandate_id, version) references mandate_version,
  -- The two parties of a power are those of its mandate.
  foreign key (mandate_id, principal, representative) references representation (representation_id, principal, representative),
  foreign key (catalogue_version, service_id) references catalogue_service,
  -- What was passed on is not passed on again, and its giver is not its principal.
  check (given_by <> representative and (given_by = principal or not passing_on)),
  -- One power is known in one way at a time.
  exclude using gist (mandate_power_id with =, recorded with &&)
);
create index mandate_power_of_mandate on mandate_power (mandate_id);
create unique index mandate_power_current on mandate_power (mandate_id, mandate_power_id) where upper_inf(recorded);

-- The same giver never gives the same power twice for the same time: he is offered to extend instead.
alter table mandate_power add constraint mandate_power_no_twins exclude using gist (
  principal with =, representative with =, given_by with =, service_id with =, action with =,
  coalesce(provider, '') with =, coalesce(object, '') with =, valid with &&
) where (upper_inf(recorded) and state in ('offered', 'held', 'active', 'frozen'));

-- What has ended stays ended, whoever asks. The schema is named, or a temporary table could stand in for the real one.
create function mandate_power_final() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from public.mandate_power earlier
     where earlier.mandate_power_id = new.mandate_power_id and earlier.state in ('ended', 'declined', 'cancelled')
  ) then raise exception 'a power that has ended cannot come back' using errcode = '23514'; end if;
  return new;
end $$;
create trigger mandate_power_final before insert or update on mandate_power
  for each row execute function mandate_power_final();
create trigger mandate_power_closed_once before insert or update on mandate_power
  for each row execute function recorded_is_closed_once();

-- The answer that a write got, so that the same key gets the same answer.
create table idempotency (
  owner text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  status integer,
  headers jsonb,
  -- As text, so that the answer is the same to the byte.
  body json,
  created_at timestamptz not null default clock_timestamp(),
  primary key (owner, key)
);
create index idempotency_age on idempotency (created_at);
`

const LOGINS = `
-- One attempt to log in, bound to one browser, usable once.
create table login_attempt (
  state_hash bytea primary key,
  browser_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  created_at timestamptz not null default clock_timestamp()
);
create index login_attempt_age on login_attempt (created_at);

create table session (
  session_hash bytea primary key,
  party_id uuid not null references party,
  issuer text not null,
  -- The identity provider's name for the person and for his session with it.
  subject text not null,
  provider_session text,
  acr text not null,
  level text not null check (level in ('low', 'substantial', 'high')),
  authenticated_at timestamptz not null,
  -- Needed to log out at the identity provider; gone when the session ends.
  id_token text,
  language text not null check (language in ('nb', 'nn', 'en', 'se')),
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create index session_of_provider on session (issuer, provider_session) where ended_at is null;

-- A logout token is used once.
create table used_logout_token (
  issuer text not null,
  jti text not null,
  used_at timestamptz not null default clock_timestamp(),
  primary key (issuer, jti)
);

-- What carries a represented session: this client, this person, this level, this login.
create table actor_grant (
  grant_hash bytea primary key,
  client_id text collate "C" not null references client,
  party_id uuid not null references party,
  issuer text not null,
  subject text not null,
  provider_session text,
  acr text not null,
  level text not null check (level in ('low', 'substantial', 'high')),
  authenticated_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null,
  ended_at timestamptz
);
create index actor_grant_of_provider on actor_grant (issuer, provider_session) where ended_at is null;
create index actor_grant_end on actor_grant (ends_at);
`

const AUDIT = `
-- Everything decided and everything changed. "entry" is canonical JSON (RFC 8785), fit to be hashed.
create table audit_entry (
  entry_id uuid not null,
  occurred_at timestamptz not null,
  kind text collate "C" not null,
  actor uuid,
  principal uuid,
  client_id text collate "C",
  entry text not null,
  primary key (occurred_at, entry_id)
) partition by range (occurred_at);
create index audit_entry_of_principal on audit_entry (principal, occurred_at desc, entry_id desc);
create index audit_entry_of_actor on audit_entry (actor, occurred_at desc, entry_id desc);

-- Nothing should ever land here: a row in it means that a month was not made in time.
create table audit_entry_default partition of audit_entry default;

-- Makes the partitions of this month and the given number of months after it. Runs with the owner's rights, since the
-- serving role may not create tables; it can do this one thing only.
create function make_audit_partitions(months_ahead integer) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  month_start timestamptz;
  month_end timestamptz;
  part text;
begin
  if months_ahead not between 0 and 24 then raise exception 'months_ahead out of range'; end if;
  perform pg_advisory_xact_lock(hashtext('make_audit_partitions'));
  for i in 0..months_ahead loop
    month_start := (date_trunc('month', clock_timestamp() at time zone 'UTC') + make_interval(months => i)) at time zone 'UTC';
    part := 'audit_entry_' || to_char(month_start at time zone 'UTC', 'YYYY_MM');
    if to_regclass('public.' || part) is null then
      month_end := ((month_start at time zone 'UTC') + interval '1 month') at time zone 'UTC';
      -- What has strayed into the default partition is moved home, or it would stand in the way of the new one for good.
      lock table public.audit_entry_default in access exclusive mode;
      execute format('create table public.%I (like public.audit_entry including all)', part);
      execute format('with strays as (delete from public.audit_entry_default where occurred_at >= $1 and occurred_at < $2 returning *)
        insert into public.%I select * from strays', part) using month_start, month_end;
      execute format('alter table public.audit_entry attach partition public.%I for values from (%L) to (%L)',
        part, month_start, month_end);
    end if;
  end loop;
end $$;
`

const PRIVILEGES = `
grant usage on schema public to fullmakt_server;
grant select on all tables in schema public to fullmakt_server;

-- Append only, for the serving role at least.
grant insert on party, party_identifier, party_fact, catalogue_version, catalogue_service, representation,
  mandate, mandate_version, mandate_power, relation_version, ruling, act, approval,
  audit_entry to fullmakt_server;

-- Closing what was recorded is the only change that history knows.
grant update (recorded) on party_fact, mandate_power, relation_version, ruling to fullmakt_server;
grant update (version) on mandate to fullmakt_server;
grant update (completed_at) on act to fullmakt_server;
grant update (replaced_at) on party_identifier to fullmakt_server;

grant insert, update on register_freshness, register_cursor, client, audience to fullmakt_server;
grant insert, update (code), delete on register_refusal to fullmakt_server;
grant insert on handle to fullmakt_server;
grant insert, update, delete on mandate_draft, idempotency, login_attempt, session, actor_grant to fullmakt_server;
grant insert, delete on used_jti, used_logout_token to fullmakt_server;

revoke execute on function make_audit_partitions(integer) from public;
grant execute on function make_audit_partitions(integer) to fullmakt_server;
`
