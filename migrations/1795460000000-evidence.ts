import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What shows that someone agreed to the very text of a version, and powers that wait before they take effect. */
export class Evidence1795460000000 implements MigrationInterface {
  name = 'Evidence1795460000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [DRAFTS, VERSIONS, EVIDENCE, HELD, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const DRAFTS = `
-- The giver of a draft is whoever was shown the text: who gives or passes on, or the representative who accepts.
alter table mandate_draft
  -- How the login must be whose answer confirms it.
  add column level text not null default 'substantial' check (level in ('substantial', 'high')),
  add column new_login boolean not null default false,
  -- That answer, until it is kept with the mandate: as the provider sent it, and the public key it was verified with.
  add column id_token text,
  add column provider_key jsonb,
  add column answered_at timestamptz,
  add check (num_nulls(id_token, provider_key, answered_at) in (0, 3));
alter table mandate_draft alter column level drop default, alter column new_login drop default;

-- The text that the login is to confirm; null where it is a login and no more.
alter table login_attempt add column draft_id uuid references mandate_draft on delete cascade;
create index login_attempt_of_draft on login_attempt (draft_id) where draft_id is not null;
`

const VERSIONS = `
-- Accepting is agreeing to a text too. What was accepted before there was one stays as it is, and does not count.
alter table mandate_version drop constraint mandate_version_check3;
alter table mandate_version
  add check (text is not null or change not in ('given', 'extended')),
  add check (text is null or change in ('given', 'accepted', 'extended'));
`

const EVIDENCE = `
-- A claim of a compact JWT, unverified.
create function id_token_claim(id_token text, claim text) returns text
language sql immutable strict parallel safe as $$
  select convert_from(decode(rpad(part, (length(part) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb ->> claim
    from translate(split_part(id_token, '.', 2), '-_', '+/') as part
$$;

-- The answer of the login provider to the text of a version: its nonce is the hash of that text. A mandate with a version
-- that gives, accepts or extends and has none does not count (src/store/evidence-store.ts).
create table evidence (
  mandate_id uuid not null,
  version integer not null,
  id_token text not null,
  -- The public key with which it was verified, a JWK: the provider forgets its keys, we do not.
  provider_key jsonb not null,
  answered_at timestamptz not null,
  -- As the id_token has it. One answer never serves two texts.
  nonce bytea not null unique,
  -- What confirming the text did; the number in the text is made of it.
  draft_id uuid not null,
  content jsonb not null,
  -- SHA-256 of what the browser holds from login to login; null where it held nothing.
  device_hash bytea,
  -- Accepted on the device on which it had just been given.
  same_device boolean not null,
  primary key (mandate_id, version),
  foreign key (mandate_id, version) references mandate_version
);

-- Of that very text, by whoever made the version.
create function evidence_fits() returns trigger language plpgsql as $$
begin
  if not exists (
    select from public.mandate_version v join public.party_identifier i on i.party_id = v.made_by
     where v.mandate_id = new.mandate_id and v.version = new.version
       and v.text_hash = new.nonce and sha256(convert_to(v.text, 'UTF8')) = new.nonce
       and translate(public.id_token_claim(new.id_token, 'nonce'), '-_', '+/') || '=' = encode(new.nonce, 'base64')
       and i.value = coalesce(public.id_token_claim(new.id_token, 'pid'),
             public.id_token_claim(new.id_token, 'eidas_identifier'))
  ) then raise exception 'this is evidence of something else' using errcode = '23514'; end if;
  return null;
end $$;
create trigger evidence_fits after insert or update on evidence for each row execute function evidence_fits();
`

const HELD = `
-- A held power takes effect when its time begins, by the clock alone, and ends by the clock too.
drop index mandate_power_end;
create index mandate_power_end on mandate_power (upper(valid)) where upper_inf(recorded) and state in ('held', 'active', 'frozen');
`

const PRIVILEGES = `
grant select, insert on evidence to fullmakt_server;
`
