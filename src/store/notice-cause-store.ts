import { NOTICE_KINDS, type NoticeKind, TOLD_TO_CONTACT } from '../domain/notice.js'
import type { Json } from '../domain/json.js'
import type { PartyId } from '../domain/party.js'
import { type Queryable, type Transaction, statement } from './database.js'

/** Where it is said that there is something to tell. */
export const NOTICES_CAUSED = 'notices_caused'

/** Something that a person is to be told. */
export interface NoticeCause {
  readonly kind: NoticeKind
  readonly partyId: PartyId
  /** A mandate, a request, a person: of this subject and edition the person is told of this kind once. */
  readonly subject: string
  /** A version, a service, a day. */
  readonly edition: string
  /** Who else it speaks of, where the subject is no mandate that names him. */
  readonly other?: PartyId
  /** `service`, `day` or `count`, for the words. Never a name or a number. */
  readonly data?: Readonly<Record<string, Json>>
}

const CAUSE = statement(
  'cause_notices',
  `insert into notice_cause (kind, party_id, subject, edition, other, data)
   select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::jsonb[])`,
)

/**
 * Writes down, in the transaction that causes it, what these people are to be told. Changes of mandates and first uses
 * write themselves, by triggers.
 */
export async function causeNotices(tx: Transaction, causes: readonly NoticeCause[]): Promise<void> {
  if (causes.length === 0) return
  await tx.query(CAUSE, [
    causes.map(({ kind }) => kind),
    causes.map(({ partyId }) => partyId),
    causes.map(({ subject }) => subject),
    causes.map(({ edition }) => edition),
    causes.map(({ other }) => other ?? null),
    causes.map(({ data }) => JSON.stringify(data ?? {})),
  ])
}

export type DeliveryChannel = 'email' | 'sms'

/** The Monday after, at nine in the morning in Oslo: the week's e-mail. */
const NEXT_MONDAY = `(date_trunc('week', clock_timestamp() at time zone 'Europe/Oslo') + interval '7 days 9 hours')`

const TELL = statement(
  'tell_notices',
  `with rule as materialized (
     select * from unnest($2::text[], $3::boolean[], $4::boolean[]) as r (kind, sms_always, choosable)
   ), taken as materialized (
     -- One that this program does not know yet waits for the next one.
     select c.* from notice_cause c where c.kind in (select kind from rule) order by c.cause_id limit $1
   ), addressed as (
     select t.*, t.party_id as told from taken t where t.party_id is not null
     union all
     select t.*, r.told
       from taken t
       join representation n on n.representation_id = t.subject
       left join representation above on above.representation_id = n.parent
       left join mandate_version v on v.mandate_id = t.subject and v.version::text = t.edition
       cross join lateral (values (n.principal), (n.representative), (above.representative)) as r (told)
      where t.party_id is null and (v.quiet is not true or r.told = n.principal or r.told = v.made_by)
     union all
     -- Whom the principal trusts: under the naming, not the mandate, of which he is to know nothing. Who is party to it knows.
     select t.cause_id, 'contact_told', c.contact, c.contact_id, t.kind || ' ' || t.subject || ' ' || t.edition, c.person, '{}',
            t.caused_in, t.caused_at, c.contact
       from taken t
       join representation n on n.representation_id = t.subject
       left join representation above on above.representation_id = n.parent
       join trusted_contact c on c.person = n.principal and c.ended_at is null and c.named_at <= t.caused_at
      where t.kind = any($6::text[]) and (t.party_id is null or t.party_id = c.person)
        and c.contact <> n.representative and c.contact is distinct from above.representative
        and not exists (select from party_fact f where f.party_id = c.person and upper_inf(f.recorded) and f.died_on is not null)
   ), new as materialized (
     select distinct on (a.told, a.kind, a.subject, a.edition) a.*
       from addressed a
       join party p on p.party_id = a.told and p.kind = 'person'
      where not exists (select from party_fact f where f.party_id = a.told and upper_inf(f.recorded) and f.died_on is not null)
        and not exists (select from notice e where e.party_id = a.told and e.kind = a.kind and e.subject = a.subject
                           and e.edition = a.edition)
      order by a.told, a.kind, a.subject, a.edition, a.cause_id
   ), told as (
     insert into notice (notice_id, party_id, number, kind, subject, edition, other, data, caused_at)
     select gen_random_uuid(), n.told,
            coalesce((select max(number) from notice e where e.party_id = n.told), 0)
              + row_number() over (partition by n.told order by n.cause_id),
            n.kind, n.subject, n.edition, n.other, n.data, n.caused_at
       from new n
   ), sent as (
     insert into notice_delivery (delivery_id, party_id, channel, occasion, instead_of_email, due_at)
     select gen_random_uuid(), o.told, channel.name, o.occasion, channel.name = 'sms' and not bool_or(o.sms_always), min(o.due_at)
       from (select n.told, r.sms_always,
                    case when r.choosable and s.first_use = 'weekly' then 'week of ' || ${NEXT_MONDAY}::date
                         else n.caused_in::text end as occasion,
                    case when r.choosable and s.first_use = 'weekly' then ${NEXT_MONDAY} at time zone 'Europe/Oslo'
                         else clock_timestamp() end as due_at
               from new n join rule r using (kind)
               left join notice_setting s on s.party_id = n.told
              where not (r.choosable and s.first_use is not distinct from 'never')) o
       cross join unnest($5::text[]) as channel (name)
      group by o.told, channel.name, o.occasion
     on conflict (party_id, channel, occasion) do nothing
   ), done as (
     delete from notice_cause where cause_id in (select cause_id from taken)
   )
   select count(*)::int as taken from taken`,
)

/**
 * Makes notices of up to so many causes, the oldest of those that are committed first, and takes them out of the outbox,
 * all in one statement: whoever is interrupted before it tells them again, and none is told twice. One at a time may do
 * this, or a person's numbers would not come in the order in which they are seen.
 *
 * Organisations and the dead are told nothing. Whom the principal trusts is told by this same statement of what becomes
 * more, if he was trusted when it happened and is now. For each channel of the installation there is one message for all that a
 * person is told of one transaction.
 *
 * @returns how many causes were taken.
 */
export async function tellNotices(
  office: Queryable,
  limit: number,
  channels: readonly DeliveryChannel[],
): Promise<number> {
  const rules = Object.entries(NOTICE_KINDS)
  const [row] = await office.query<{ taken: number }>(TELL, [
    limit,
    rules.map(([kind]) => kind),
    rules.map(([, { sms }]) => sms === 'always'),
    rules.map(([, { choosable }]) => choosable),
    [...channels],
    [...TOLD_TO_CONTACT],
  ])
  return row?.taken ?? 0
}

/** What is told by time alone is told at this hour of the day in Oslo, give or take a change of clocks. */
const IN_THE_MORNING = `interval '9 hours'`

const ENDING = `
  select lead.kind, r.told as party_id, w.mandate_id as subject, w.last_day::text as edition,
         jsonb_build_object('day', w.last_day::text) as data
    from looked
    cross join (values ('ends_in_30_days', interval '30 days'), ('ends_in_7_days', interval '7 days'),
                       ('expired', interval '0')) as lead (kind, ahead)
    cross join lateral (
      select distinct p.mandate_id, (upper(p.valid) at time zone 'Europe/Oslo' - interval '1 second')::date as last_day
        from mandate_power p
       -- What was held is stored so, also when it has taken effect.
       where upper_inf(p.recorded) and p.state in ('held', 'active', 'frozen')
         and (upper(p.valid) > looked.until or lead.kind = 'expired')
         and upper(p.valid) > looked.since + lead.ahead - ${IN_THE_MORNING}
         and upper(p.valid) <= looked.until + lead.ahead - ${IN_THE_MORNING}
         -- After a standstill the later one is enough.
         and (lead.kind <> 'ends_in_30_days' or upper(p.valid) > looked.until + interval '7 days' - ${IN_THE_MORNING})
         and not exists (select from mandate_power l where l.mandate_id = p.mandate_id and upper_inf(l.recorded)
                            and l.state in ('held', 'active', 'frozen') and upper(l.valid) > upper(p.valid))
         -- Whoever has just given or extended it knows.
         and not exists (select from mandate_version v where v.mandate_id = p.mandate_id
                            and v.change in ('given', 'extended') and v.made_at > looked.until - lead.ahead)) w
    join representation n on n.representation_id = w.mandate_id
    left join representation above on above.representation_id = n.parent
    cross join lateral (values (n.principal), (n.representative), (above.representative)) as r (told)
   where r.told is not null`

const UNUSED = `
  select 'unused', n.principal, n.representation_id, (begun.at at time zone 'Europe/Oslo')::date::text, '{}'::jsonb
    from looked
    cross join lateral (
      select representation_id as mandate_id from ground_use
       where last_used_at > looked.since - interval '1 year' - ${IN_THE_MORNING}
         and last_used_at <= looked.until - interval '1 year' - ${IN_THE_MORNING}
       union
      select mandate_id from mandate_version
       where change in ('given', 'accepted') and made_at > looked.since - interval '1 year' - ${IN_THE_MORNING}
         and made_at <= looked.until - interval '1 year' - ${IN_THE_MORNING}) old
    join representation n on n.representation_id = old.mandate_id and n.basis = 'mandate'
    cross join lateral (
      select greatest((select max(u.last_used_at) from ground_use u where u.representation_id = n.representation_id),
                      (select max(v.made_at) from mandate_version v where v.mandate_id = n.representation_id
                          and v.change in ('given', 'accepted'))) as at) begun
   where begun.at <= looked.until - interval '1 year' - ${IN_THE_MORNING}
     and exists (select from mandate_power w where w.mandate_id = n.representation_id and upper_inf(w.recorded)
                    and w.state in ('held', 'active') and w.valid @> looked.until)`

const OVERVIEW = `
  select 'yearly_overview', p.party_id, p.party_id, extract(year from day)::int::text, jsonb_build_object('count', given.count)
    from looked
    cross join lateral generate_series(
      greatest((looked.since at time zone 'Europe/Oslo' - ${IN_THE_MORNING})::date + 1,
               (looked.until at time zone 'Europe/Oslo' - ${IN_THE_MORNING})::date - 364)::timestamp,
      ((looked.until at time zone 'Europe/Oslo' - ${IN_THE_MORNING})::date)::timestamp, interval '1 day') as day
    join party p on p.kind = 'person' and abs(hashtext(p.party_id::text) % 365) = extract(doy from day)::int - 1
    cross join lateral (
      select count(distinct w.mandate_id) as count
        from representation n join mandate_power w on w.mandate_id = n.representation_id
       where n.principal = p.party_id and n.basis = 'mandate' and upper_inf(w.recorded)
         and w.state in ('held', 'active', 'frozen') and w.valid @> looked.until) given
   where given.count > 0`

const LOOK_AT_CLOCK = statement(
  'note_what_is_due',
  `with looked as materialized (
     select looked_until as since, $1::timestamptz as until from notice_clock where looked_until < $1::timestamptz
   ), moved as (
     update notice_clock set looked_until = looked.until from looked
   )
   insert into notice_cause (kind, party_id, subject, edition, data)
   ${ENDING}
    union all ${UNUSED}
    union all ${OVERVIEW}`,
)

/**
 * Puts into the outbox what is to be told by time alone, from where it was last looked for until this instant, and notes
 * how far that was, in one statement. After a standstill all of it is made up for, but for what has ended meanwhile.
 */
export async function noteWhatIsDue(office: Queryable, until: Date): Promise<void> {
  await office.query(LOOK_AT_CLOCK, [until.toISOString()])
}
