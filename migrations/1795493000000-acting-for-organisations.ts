import type { MigrationInterface, QueryRunner } from 'typeorm'

/** For which organisation a version was made: the human who made it stands beside it. */
export class ActingForOrganisations1795493000000 implements MigrationInterface {
  name = 'ActingForOrganisations1795493000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [VERSIONS, EVIDENCE]) await runner.query(part)
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'))
  }
}

const VERSIONS = `
alter table mandate_version
  -- The organisation; null where a person made it for himself.
  add column made_for uuid references party,
  add check (made_for is null or made_by is not null and made_for <> made_by);
`

const EVIDENCE = `
-- Of that very text, by whoever made the version and may: who gives or passes on, or the representative who accepts. For an
-- organisation it is by someone of whom the register says that he has a role in it.
create or replace function evidence_fits() returns trigger language plpgsql as $$
begin
  if not exists (
    select from public.mandate_version v join public.party_identifier i on i.party_id = v.made_by
      join public.representation n on n.representation_id = v.mandate_id
      left join public.representation above on above.representation_id = n.parent
     where coalesce(v.made_for, v.made_by)
             = case v.change when 'accepted' then n.representative else coalesce(above.representative, n.principal) end
       and (v.made_for is null or exists (
             select from public.representation held
               join public.relation_version told on told.representation_id = held.representation_id
              where held.principal = v.made_for and held.representative = v.made_by and held.basis = 'organisation_role'
                and upper_inf(told.recorded)))
       and v.mandate_id = new.mandate_id and v.version = new.version
       and v.text_hash = new.nonce and sha256(convert_to(v.text, 'UTF8')) = new.nonce
       and translate(public.id_token_claim(new.id_token, 'nonce'), '-_', '+/') || '=' = encode(new.nonce, 'base64')
       and i.value = coalesce(public.id_token_claim(new.id_token, 'pid'),
             public.id_token_claim(new.id_token, 'eidas_identifier'))
  ) then raise exception 'this is evidence of something else' using errcode = '23514'; end if;
  return null;
end $$;
`
