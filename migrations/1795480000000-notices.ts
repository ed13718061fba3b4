import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What people are told of their mandates: the outbox it comes out of, the inbox, and what goes by e-mail and SMS. */
export class Notices1795480000000 implements MigrationInterface {
  name = 'Notices1795480000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [QUIET, USES, OUTBOX, CLOCK, INBOX, PRIVILEGES]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const QUIET = `
-- Ended without telling the others: only who ended it and the principal have a notice.
alter table mandate_version add column quiet boolean not null default false
  check (not quiet or change in ('ended', 'declined', 'cancelled'));
create index mandate_version_begin on mandate_version (made_at) where change in ('given', 'accepted');
`

const USES = `
-- When a ground was first and last used at a service, as services report it.
create table ground_use (
  representation_id uuid not null references representation,
  service_id text collate "C" not null,
  first_used_at timestamptz not null,
  last_used_at timestamptz not null,
  primary key (representation_id, service_id)
);
create index ground_use_age on ground_use (last_used_at);

-- What has been reported so far is told to no one now.
insert into ground_use (representation_id, service_id, first_used_at, last_used_at)
select n.representation_id, u.service_id, min(u.happened_at), max(u.happened_at)
  from reported_use u
  join audit_entry a on a.entry_id = u.evaluation_id and a.kind = 'exchange'
  join representation n on n.representation_id = (a.entry::jsonb -> 'content' ->> 'representation')::uuid
 where u.outcome = 'done'
 group by n.representation_id, u.service_id;
`

const OUTBOX = `
-- The outbox of what someone is to be told: written by the transaction that causes it, gone when there is a notice of it.
create table notice_cause (
  cause_id bigint generated always as identity primary key,
  kind text collate "C" not null,
  -- To whom; null: to the parties of the mandate that is the subject.
  party_id uuid references party,
  -- Of what: a mandate, a request, a person. With the edition (a version, a service, a day) it is told once.
  subject uuid not null,
  edition text collate "C" not null,
  -- Who else it speaks of, where the subject does not say so.
  other uuid references party,
  data jsonb not null default '{}',
  -- Of all that one transaction causes a person gets one e-mail.
  caused_in xid8 not null default pg_current_xact_id(),
  caused_at timestamptz not null default clock_timestamp()
);

-- Wakes whoever tells. A waking that is lost costs seconds, for it is looked by the clock too. A statement that inserts
-- nothing wakes no one: whoever tells sends such a one each time, and would wake himself without end.
create function notice_caused() returns trigger language plpgsql as $$
begin
  if exists (select from caused) then perform pg_notify('notices_caused', ''); end if;
  return null;
end $$;
create trigger notice_cause_wakes after insert on notice_cause referencing new table as caused
  for each statement execute function notice_caused();

-- Here and not in each place that changes a mandate: a change that was not told would be one that nobody wrote down.
create function mandate_version_tells() returns trigger language plpgsql as $$
begin
  insert into public.notice_cause (kind, subject, edition)
  select case when new.change = 'given' and n.parent is not null then 'passed_on' else new.change end,
         new.mandate_id, new.version::text
    from public.representation n where n.representation_id = new.mandate_id;
  return null;
end $$;
create trigger mandate_version_tells after insert on mandate_version
  for each row execute function mandate_version_tells();

-- Of what was given; grounds by law are used without a notice.
create function ground_use_tells() returns trigger language plpgsql as $$
begin
  insert into public.notice_cause (kind, party_id, subject, edition, data)
  select 'first_use', n.principal, n.representation_id, new.service_id, jsonb_build_object('service', new.service_id)
    from public.representation n where n.representation_id = new.representation_id and n.basis = 'mandate';
  return null;
end $$;
create trigger ground_use_tells after insert on ground_use
  for each row execute function ground_use_tells();
`

const CLOCK = `
-- Up to when has been looked for what is to be told by time alone.
create table notice_clock (
  looked_until timestamptz not null
);
create unique index notice_clock_once on notice_clock ((true));
insert into notice_clock values (clock_timestamp());

-- On which day of the year someone is reminded of all that he has given: spread over the year.
create index party_of_day on party (abs(hashtext(party_id::text) % 365)) where kind = 'person';
`

const INBOX = `
create table notice (
  notice_id uuid primary key,
  party_id uuid not null references party,
  -- Of this person's own, without gaps: it tells nothing of what others are told.
  number bigint not null check (number > 0),
  kind text collate "C" not null,
  subject uuid not null,
  edition text collate "C" not null,
  other uuid references party,
  -- What the words need besides the names: a service, a day, a count. Names are looked up when it is read.
  data jsonb not null,
  caused_at timestamptz not null,
  read_at timestamptz,
  unique (party_id, number),
  -- Told once.
  unique (party_id, kind, subject, edition)
);
create index notice_unread on notice (party_id) where read_at is null;
create index notice_age on notice (caused_at);

-- An e-mail or an SMS that says no more than that there is something to read. No address: it is asked for at sending.
create table notice_delivery (
  delivery_id uuid primary key,
  party_id uuid not null references party,
  channel text not null check (channel in ('email', 'sms')),
  -- What goes together in one: a transaction, or a week.
  occasion text collate "C" not null,
  -- Of an SMS: whether it is sent only to someone who has no e-mail address.
  instead_of_email boolean not null,
  state text not null default 'waiting' check (state in
    ('waiting', 'sending', 'sent', 'not_needed', 'not_reachable', 'refused', 'given_up')),
  attempts integer not null default 0,
  -- The next try; while it is being sent, when it is tried again if no one says what became of it.
  due_at timestamptz not null,
  -- Who is sending it.
  claim uuid check ((claim is not null) = (state = 'sending')),
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz check ((done_at is null) = (state in ('waiting', 'sending'))),
  unique (party_id, channel, occasion)
);
create index notice_delivery_due on notice_delivery (channel, due_at) where state in ('waiting', 'sending');
create index notice_delivery_done on notice_delivery (done_at) where done_at is not null;

-- What a person has chosen; who has chosen nothing has no row.
create table notice_setting (
  party_id uuid primary key references party,
  first_use text not null check (first_use in ('each', 'weekly', 'never')),
  changed_at timestamptz not null default clock_timestamp()
);
`

const PRIVILEGES = `
grant select, insert, update (last_used_at) on ground_use to fullmakt_server;
grant select, insert, delete on notice_cause to fullmakt_server;
grant select, update on notice_clock to fullmakt_server;
grant select, insert, update (read_at), delete on notice to fullmakt_server;
grant select, insert, update (state, attempts, due_at, claim, done_at), delete on notice_delivery to fullmakt_server;
grant select, insert, update (first_use, changed_at) on notice_setting to fullmakt_server;
`
