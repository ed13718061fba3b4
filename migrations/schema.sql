-- The schema as the migrations make it: read this to know the database. Written by dev/schema.ts, never by hand.
-- The table "migrations", in which the runner notes what has been run, and the months of the log are left out.

create extension if not exists btree_gist;

create table party (
  party_id uuid not null,
  kind text not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint party_pkey PRIMARY KEY (party_id),
  constraint party_kind_check CHECK (kind = ANY (ARRAY['person'::text, 'organisation'::text]))
);

create table party_identifier (
  scheme text collate "C" not null,
  value text collate "C" not null,
  party_id uuid not null,
  known_since timestamp with time zone default clock_timestamp() not null,
  replaced_at timestamp with time zone,
  constraint party_identifier_pkey PRIMARY KEY (scheme, value),
  constraint party_identifier_scheme_check CHECK (scheme = ANY (ARRAY['fnr'::text, 'dnr'::text, 'orgnr'::text, 'eidas'::text]))
);

create table register_freshness (
  source text collate "C" not null,
  fresh_at timestamp with time zone not null,
  constraint register_freshness_pkey PRIMARY KEY (source)
);

create table register_cursor (
  source text collate "C" not null,
  "position" bigint,
  since timestamp with time zone,
  constraint register_cursor_pkey PRIMARY KEY (source),
  constraint register_cursor_check CHECK (num_nonnulls("position", since) = 1),
  constraint register_cursor_position_check CHECK ("position" >= 0)
);

create table register_refusal (
  source text collate "C" not null,
  scheme text collate "C" not null,
  value text collate "C" not null,
  code text collate "C" not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint register_refusal_pkey PRIMARY KEY (source, scheme, value),
  constraint register_refusal_scheme_check CHECK (scheme = ANY (ARRAY['fnr'::text, 'dnr'::text, 'orgnr'::text]))
);

create table party_fact (
  party_id uuid not null,
  source text collate "C" not null,
  name text not null,
  family_name text,
  born_on date,
  died_on date,
  ceased boolean default false not null,
  protected_address boolean not null,
  capacity_lost text[] default '{}'::text[] not null,
  residences text[] collate "C" default '{}'::text[] not null,
  recorded tstzrange not null,
  constraint party_fact_capacity_lost_check CHECK (capacity_lost <@ ARRAY['economic'::text, 'personal'::text, 'unknown'::text]),
  constraint party_fact_recorded_check CHECK (NOT isempty(recorded) AND NOT lower_inf(recorded)),
  constraint party_fact_party_id_recorded_excl EXCLUDE USING gist (party_id WITH =, recorded WITH &&) WHERE (NOT upper_inf(recorded))
);

create table catalogue_version (
  version integer not null,
  content jsonb not null,
  content_hash bytea not null,
  published_at timestamp with time zone default clock_timestamp() not null,
  constraint catalogue_version_pkey PRIMARY KEY (version),
  constraint catalogue_version_version_check CHECK (version > 0)
);

create table catalogue_service (
  version integer not null,
  service_id text collate "C" not null,
  constraint catalogue_service_pkey PRIMARY KEY (version, service_id)
);

create table client (
  client_id text collate "C" not null,
  name text not null,
  organisation text collate "C" not null,
  jwks jsonb not null,
  services text[] not null,
  login_issuer text,
  login_client_id text,
  may_use_numbers boolean not null,
  may_rule text[] default '{}'::text[] not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  may_tell_employments boolean default false not null,
  work_login_issuer text,
  work_login_client_id text,
  constraint client_pkey PRIMARY KEY (client_id),
  constraint client_check CHECK ((login_issuer IS NULL) = (login_client_id IS NULL)),
  constraint client_check1 CHECK ((work_login_issuer IS NULL) = (work_login_client_id IS NULL)),
  constraint client_may_rule_check CHECK (may_rule <@ ARRAY['care_order'::text, 'set_guardian'::text, 'conflict_of_interest'::text, 'reservation'::text, 'consent'::text, 'lasting_power_scope'::text])
);

create table audience (
  audience text collate "C" not null,
  client_id text collate "C" not null,
  kind text not null,
  services text[] not null,
  details text default 'own'::text not null,
  constraint audience_pkey PRIMARY KEY (audience),
  constraint audience_details_check CHECK (details = ANY (ARRAY['own'::text, 'with_idporten'::text])),
  constraint audience_kind_check CHECK (kind = ANY (ARRAY['web'::text, 'api'::text, 'api_with_user_token'::text]))
);

create table used_jti (
  client_id text collate "C" not null,
  jti text collate "C" not null,
  expires_at timestamp with time zone not null,
  constraint used_jti_pkey PRIMARY KEY (client_id, jti)
);

create table handle (
  handle text collate "C" not null,
  client_id text collate "C" not null,
  party_id uuid,
  representation_id uuid,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint handle_pkey PRIMARY KEY (handle),
  constraint handle_client_id_party_id_key UNIQUE (client_id, party_id),
  constraint handle_client_id_representation_id_key UNIQUE (client_id, representation_id),
  constraint handle_check CHECK (num_nonnulls(party_id, representation_id) = 1)
);

create table representation (
  representation_id uuid not null,
  principal uuid not null,
  representative uuid,
  basis text not null,
  source text collate "C" not null,
  source_reference text collate "C",
  parent uuid,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint representation_pkey PRIMARY KEY (representation_id),
  constraint representation_representation_id_basis_key UNIQUE (representation_id, basis),
  constraint representation_representation_id_principal_representative_key UNIQUE (representation_id, principal, representative),
  constraint representation_basis_check CHECK (basis = ANY (ARRAY['mandate'::text, 'parent'::text, 'guardian'::text, 'lasting_power'::text, 'organisation_role'::text, 'employment'::text, 'estate'::text])),
  constraint representation_check CHECK (principal <> representative)
);

create table relation_version (
  representation_id uuid not null,
  says text collate "C" not null,
  tasks text[] collate "C" default '{}'::text[] not null,
  valid tstzrange not null,
  recorded tstzrange not null,
  constraint relation_version_recorded_check CHECK (NOT isempty(recorded) AND NOT lower_inf(recorded)),
  constraint relation_version_valid_check CHECK (NOT isempty(valid)),
  constraint relation_version_representation_id_recorded_excl EXCLUDE USING gist (representation_id WITH =, recorded WITH &&) WHERE (NOT upper_inf(recorded))
);

create table ruling (
  ruling_id uuid not null,
  kind text not null,
  principal uuid not null,
  representative uuid,
  service_id text collate "C",
  action text collate "C",
  object text collate "C",
  made_by_client text collate "C",
  made_by_party uuid,
  reference text,
  valid tstzrange not null,
  recorded tstzrange not null,
  constraint ruling_action_check CHECK (action = ANY (ARRAY['read'::text, 'communicate'::text, 'write'::text, 'sign'::text, 'receive'::text, 'consent'::text])),
  constraint ruling_check CHECK (num_nonnulls(made_by_client, made_by_party) = 1),
  constraint ruling_check1 CHECK ((kind <> ALL (ARRAY['set_guardian'::text, 'lasting_power_scope'::text])) OR representative IS NOT NULL),
  constraint ruling_check2 CHECK (kind <> 'consent'::text OR service_id IS NOT NULL AND action IS NOT NULL AND object IS NOT NULL),
  constraint ruling_check3 CHECK (kind <> 'lasting_power_scope'::text OR service_id IS NOT NULL),
  constraint ruling_kind_check CHECK (kind = ANY (ARRAY['care_order'::text, 'set_guardian'::text, 'conflict_of_interest'::text, 'reservation'::text, 'consent'::text, 'lasting_power_scope'::text])),
  constraint ruling_recorded_check CHECK (NOT isempty(recorded) AND NOT lower_inf(recorded)),
  constraint ruling_valid_check CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
  constraint ruling_ruling_id_recorded_excl EXCLUDE USING gist (ruling_id WITH =, recorded WITH &&)
);

create table act (
  act_id uuid not null,
  client_id text collate "C" not null,
  principal uuid not null,
  opened_by uuid not null,
  level text not null,
  authenticated_at timestamp with time zone not null,
  representation_id uuid not null,
  basis text not null,
  service_id text collate "C" not null,
  action text collate "C" not null,
  provider text collate "C",
  object text collate "C",
  text text not null,
  content_hash bytea not null,
  opened_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  constraint act_pkey PRIMARY KEY (act_id),
  constraint act_basis_check CHECK (basis = ANY (ARRAY['parent'::text, 'organisation_role'::text])),
  constraint act_check CHECK (expires_at > opened_at),
  constraint act_content_hash_check CHECK (octet_length(content_hash) = 32),
  constraint act_level_check CHECK (level = ANY (ARRAY['low'::text, 'substantial'::text, 'high'::text]))
);

create table approval (
  act_id uuid not null,
  party_id uuid not null,
  approved boolean not null,
  answered_at timestamp with time zone default clock_timestamp() not null,
  constraint approval_pkey PRIMARY KEY (act_id, party_id)
);

create table mandate_draft (
  draft_id uuid not null,
  giver uuid not null,
  content jsonb not null,
  language text not null,
  text text not null,
  text_hash bytea not null,
  catalogue_version integer not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  confirmed_as uuid,
  level text not null,
  new_login boolean not null,
  id_token text,
  provider_key jsonb,
  answered_at timestamp with time zone,
  constraint mandate_draft_pkey PRIMARY KEY (draft_id),
  constraint mandate_draft_check CHECK (num_nulls(id_token, provider_key, answered_at) = ANY (ARRAY[0, 3])),
  constraint mandate_draft_language_check CHECK (language = ANY (ARRAY['nb'::text, 'nn'::text, 'en'::text, 'se'::text])),
  constraint mandate_draft_level_check CHECK (level = ANY (ARRAY['substantial'::text, 'high'::text]))
);

create table mandate (
  mandate_id uuid not null,
  basis text default 'mandate'::text not null,
  version integer not null,
  answer_by timestamp with time zone,
  constraint mandate_pkey PRIMARY KEY (mandate_id),
  constraint mandate_basis_check CHECK (basis = 'mandate'::text),
  constraint mandate_version_check CHECK (version > 0)
);

create table mandate_version (
  mandate_id uuid not null,
  version integer not null,
  change text not null,
  made_by uuid,
  made_by_register text collate "C",
  made_at timestamp with time zone not null,
  reason text,
  language text,
  text text,
  text_hash bytea,
  catalogue_version integer,
  quiet boolean default false not null,
  made_for uuid,
  constraint mandate_version_pkey PRIMARY KEY (mandate_id, version),
  constraint mandate_version_change_check CHECK (change = ANY (ARRAY['given'::text, 'accepted'::text, 'declined'::text, 'narrowed'::text, 'extended'::text, 'frozen'::text, 'thawed'::text, 'ended'::text, 'cancelled'::text])),
  constraint mandate_version_check1 CHECK (num_nonnulls(made_by, made_by_register) = 1),
  constraint mandate_version_check2 CHECK (made_by_register IS NULL OR change = 'ended'::text),
  constraint mandate_version_check3 CHECK (text IS NOT NULL OR (change <> ALL (ARRAY['given'::text, 'extended'::text]))),
  constraint mandate_version_check4 CHECK (num_nulls(language, text, text_hash, catalogue_version) = ANY (ARRAY[0, 4])),
  constraint mandate_version_check5 CHECK (text IS NULL OR (change = ANY (ARRAY['given'::text, 'accepted'::text, 'extended'::text]))),
  constraint mandate_version_check6 CHECK ((change = 'given'::text) = (version = 1)),
  constraint mandate_version_check7 CHECK (NOT quiet OR (change = ANY (ARRAY['ended'::text, 'declined'::text, 'cancelled'::text]))),
  constraint mandate_version_check8 CHECK (made_for IS NULL OR made_by IS NOT NULL AND made_for <> made_by),
  constraint mandate_version_version_check CHECK (version > 0)
);

create table mandate_power (
  mandate_power_id uuid not null,
  mandate_id uuid not null,
  version integer not null,
  principal uuid not null,
  representative uuid not null,
  given_by uuid not null,
  service_id text collate "C" not null,
  action text collate "C" not null,
  provider text collate "C",
  object text collate "C",
  catalogue_version integer not null,
  state text not null,
  passing_on boolean not null,
  valid tstzrange not null,
  recorded tstzrange not null,
  constraint mandate_power_action_check CHECK (action = ANY (ARRAY['read'::text, 'communicate'::text, 'write'::text, 'sign'::text, 'receive'::text])),
  constraint mandate_power_check CHECK (given_by <> representative AND (given_by = principal OR NOT passing_on)),
  constraint mandate_power_recorded_check CHECK (NOT isempty(recorded) AND NOT lower_inf(recorded)),
  constraint mandate_power_state_check CHECK (state = ANY (ARRAY['offered'::text, 'held'::text, 'active'::text, 'frozen'::text, 'ended'::text, 'declined'::text, 'cancelled'::text])),
  constraint mandate_power_valid_check CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid) AND lower_inc(valid) AND NOT upper_inc(valid)),
  constraint mandate_power_mandate_power_id_recorded_excl EXCLUDE USING gist (mandate_power_id WITH =, recorded WITH &&),
  constraint mandate_power_no_twins EXCLUDE USING gist (principal WITH =, representative WITH =, given_by WITH =, service_id WITH =, action WITH =, COALESCE(provider, ''::text) WITH =, COALESCE(object, ''::text) WITH =, valid WITH &&) WHERE (upper_inf(recorded) AND (state = ANY (ARRAY['offered'::text, 'held'::text, 'active'::text, 'frozen'::text])))
);

create table idempotency (
  owner text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  status integer,
  headers jsonb,
  body json,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint idempotency_pkey PRIMARY KEY (owner, key)
);

create table login_attempt (
  state_hash bytea not null,
  browser_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  draft_id uuid,
  constraint login_attempt_pkey PRIMARY KEY (state_hash)
);

create table session (
  session_hash bytea not null,
  party_id uuid not null,
  issuer text not null,
  subject text not null,
  provider_session text,
  acr text not null,
  level text not null,
  authenticated_at timestamp with time zone not null,
  id_token text,
  language text not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  last_used_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,
  constraint session_pkey PRIMARY KEY (session_hash),
  constraint session_language_check CHECK (language = ANY (ARRAY['nb'::text, 'nn'::text, 'en'::text, 'se'::text])),
  constraint session_level_check CHECK (level = ANY (ARRAY['low'::text, 'substantial'::text, 'high'::text]))
);

create table used_logout_token (
  issuer text not null,
  jti text not null,
  used_at timestamp with time zone default clock_timestamp() not null,
  constraint used_logout_token_pkey PRIMARY KEY (issuer, jti)
);

create table actor_grant (
  grant_hash bytea not null,
  client_id text collate "C" not null,
  party_id uuid not null,
  issuer text not null,
  subject text not null,
  provider_session text,
  acr text not null,
  level text not null,
  authenticated_at timestamp with time zone not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  last_used_at timestamp with time zone default clock_timestamp() not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  works_for uuid,
  constraint actor_grant_pkey PRIMARY KEY (grant_hash),
  constraint actor_grant_level_check CHECK (level = ANY (ARRAY['low'::text, 'substantial'::text, 'high'::text]))
);

create table audit_entry (
  entry_id uuid not null,
  occurred_at timestamp with time zone not null,
  kind text collate "C" not null,
  actor uuid,
  principal uuid,
  client_id text collate "C",
  entry text not null,
  constraint audit_entry_pkey PRIMARY KEY (occurred_at, entry_id)
) partition by range (occurred_at);

create table employment (
  employment_id uuid not null,
  basis text default 'employment'::text not null,
  told_by text collate "C" not null,
  valid tstzrange not null,
  recorded tstzrange not null,
  constraint employment_basis_check CHECK (basis = 'employment'::text),
  constraint employment_recorded_check CHECK (NOT isempty(recorded) AND NOT lower_inf(recorded)),
  constraint employment_valid_check CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
  constraint employment_employment_id_recorded_excl EXCLUDE USING gist (employment_id WITH =, recorded WITH &&)
);

create table employment_power (
  employment_id uuid not null,
  service_id text collate "C" not null,
  action text collate "C" not null,
  provider text collate "C",
  constraint employment_power_action_check CHECK (action = ANY (ARRAY['read'::text, 'communicate'::text, 'write'::text, 'receive'::text]))
);

create table status_list (
  list_id integer not null,
  taking boolean default true not null,
  constraint status_list_pkey PRIMARY KEY (list_id),
  constraint status_list_list_id_check CHECK (list_id > 0)
);

create table status_entry (
  list_id integer not null,
  idx integer not null,
  representation_id uuid,
  audience text collate "C",
  employee uuid,
  stands_on numeric,
  decoy smallint,
  tokens_until timestamp with time zone not null,
  constraint status_entry_pkey PRIMARY KEY (list_id, idx),
  constraint status_entry_check CHECK (num_nulls(representation_id, audience, stands_on) =
CASE
    WHEN decoy IS NULL THEN 0
    ELSE 3
END),
  constraint status_entry_check1 CHECK (employee IS NULL OR decoy IS NULL),
  constraint status_entry_decoy_check CHECK (decoy = ANY (ARRAY[1, 2])),
  constraint status_entry_idx_check CHECK (idx >= 0 AND idx <= 1048575)
);

create table signed_status_list (
  list_id integer not null,
  token text not null,
  signed_at timestamp with time zone not null,
  constraint signed_status_list_pkey PRIMARY KEY (list_id)
);

create table issued_token (
  jti uuid not null,
  client_id text collate "C" not null,
  audience text collate "C" not null,
  representation_id uuid not null,
  grant_hash bytea not null,
  act_id uuid,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint issued_token_pkey PRIMARY KEY (jti)
);

create table used_dpop_proof (
  jkt text collate "C" not null,
  jti text collate "C" not null,
  expires_at timestamp with time zone not null,
  constraint used_dpop_proof_pkey PRIMARY KEY (jkt, jti)
);

create table reported_use (
  client_id text collate "C" not null,
  use_id uuid not null,
  evaluation_id uuid not null,
  service_id text collate "C" not null,
  action text collate "C" not null,
  provider text collate "C",
  object text collate "C",
  outcome text collate "C" not null,
  reference text,
  happened_at timestamp with time zone not null,
  reported_at timestamp with time zone not null,
  content_hash bytea not null,
  constraint reported_use_pkey PRIMARY KEY (client_id, use_id),
  constraint reported_use_outcome_check CHECK (outcome = ANY (ARRAY['done'::text, 'failed'::text, 'refused'::text]))
);

create table ground_change (
  change_id bigint generated always as identity not null,
  what text not null,
  changed uuid not null,
  how text not null,
  changed_at timestamp with time zone default clock_timestamp() not null,
  constraint ground_change_pkey PRIMARY KEY (change_id),
  constraint ground_change_how_check CHECK (how = ANY (ARRAY['narrowed'::text, 'frozen'::text, 'thawed'::text, 'ended'::text, 'told'::text, 'time'::text, 'grown'::text])),
  constraint ground_change_what_check CHECK (what = ANY (ARRAY['mandate'::text, 'relation'::text, 'employment'::text, 'party'::text, 'ruling'::text]))
);

create table event_clock (
  looked_until timestamp with time zone not null
);

create table event_stream (
  client_id text collate "C" not null,
  last_number bigint not null,
  constraint event_stream_pkey PRIMARY KEY (client_id),
  constraint event_stream_last_number_check CHECK (last_number > 0)
);

create table event (
  client_id text collate "C" not null,
  number bigint not null,
  jti uuid not null,
  handle text collate "C" not null,
  type text not null,
  told_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  refused_as text,
  constraint event_pkey PRIMARY KEY (client_id, number),
  constraint event_jti_key UNIQUE (jti),
  constraint event_check CHECK (refused_as IS NULL OR acknowledged_at IS NOT NULL),
  constraint event_type_check CHECK (type = ANY (ARRAY['delegation-revoked'::text, 'delegation-suspended'::text, 'delegation-resumed'::text, 'delegation-scope-changed'::text, 'delegation-expired'::text, 'principal-status-changed'::text]))
);

create table signing_key (
  kid text collate "C" not null,
  purpose text collate "C" not null,
  public_jwk jsonb not null,
  sealed bytea,
  label text collate "C",
  made_at timestamp with time zone default clock_timestamp() not null,
  signs_from timestamp with time zone,
  removed_at timestamp with time zone,
  constraint signing_key_pkey PRIMARY KEY (kid),
  constraint signing_key_check CHECK (signs_from >= made_at),
  constraint signing_key_check1 CHECK (num_nonnulls(sealed, label) <= 1 AND (removed_at IS NOT NULL OR num_nonnulls(sealed, label) = 1)),
  constraint signing_key_check2 CHECK (removed_at IS NULL OR sealed IS NULL),
  constraint signing_key_purpose_check CHECK (purpose = ANY (ARRAY['at+jwt'::text, 'statuslist+jwt'::text, 'secevent+jwt'::text]))
);

create table evidence (
  mandate_id uuid not null,
  version integer not null,
  id_token text not null,
  provider_key jsonb not null,
  answered_at timestamp with time zone not null,
  nonce bytea not null,
  draft_id uuid not null,
  content jsonb not null,
  device_hash bytea,
  same_device boolean not null,
  constraint evidence_pkey PRIMARY KEY (mandate_id, version),
  constraint evidence_nonce_key UNIQUE (nonce)
);

create table mandate_request (
  request_id uuid not null,
  helper uuid not null,
  principal uuid,
  asked_number bytea not null,
  asked_name text not null,
  powers jsonb not null,
  until date not null,
  message text,
  made_at timestamp with time zone default clock_timestamp() not null,
  lapses_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  declined_at timestamp with time zone,
  silently boolean default false not null,
  reason text,
  reported boolean default false not null,
  approved_at timestamp with time zone,
  mandate_id uuid,
  constraint mandate_request_pkey PRIMARY KEY (request_id),
  constraint mandate_request_check CHECK (helper <> principal),
  constraint mandate_request_check1 CHECK (principal IS NOT NULL OR num_nonnulls(declined_at, approved_at) = 0),
  constraint mandate_request_check2 CHECK (num_nonnulls(approved_at, declined_at) < 2 AND num_nonnulls(approved_at, withdrawn_at) < 2),
  constraint mandate_request_check3 CHECK (declined_at IS NULL OR withdrawn_at IS NULL OR silently),
  constraint mandate_request_check4 CHECK (declined_at IS NOT NULL OR NOT silently AND NOT reported AND reason IS NULL),
  constraint mandate_request_check5 CHECK ((approved_at IS NULL) = (mandate_id IS NULL)),
  constraint mandate_request_message_check CHECK (length(message) <= 300)
);

create table request_block (
  principal uuid not null,
  helper uuid not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  constraint request_block_pkey PRIMARY KEY (principal, helper)
);

create table letter (
  letter_id uuid not null,
  request_id uuid not null,
  ordered_at timestamp with time zone default clock_timestamp() not null,
  code_hash bytea,
  sent_at timestamp with time zone,
  constraint letter_pkey PRIMARY KEY (letter_id),
  constraint letter_code_hash_key UNIQUE (code_hash),
  constraint letter_request_id_key UNIQUE (request_id),
  constraint letter_check CHECK (sent_at IS NULL OR code_hash IS NOT NULL)
);

create table invitation (
  invitation_id uuid not null,
  inviter uuid not null,
  label text,
  code_hash bytea not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  redeemed_by uuid,
  redeemed_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  used_for uuid,
  constraint invitation_pkey PRIMARY KEY (invitation_id),
  constraint invitation_code_hash_key UNIQUE (code_hash),
  constraint invitation_check CHECK (inviter <> redeemed_by),
  constraint invitation_check1 CHECK ((redeemed_by IS NULL) = (redeemed_at IS NULL)),
  constraint invitation_check2 CHECK (used_for IS NULL OR redeemed_by IS NOT NULL AND cancelled_at IS NULL),
  constraint invitation_label_check CHECK (length(label) <= 60)
);

create table ground_use (
  representation_id uuid not null,
  service_id text collate "C" not null,
  first_used_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  constraint ground_use_pkey PRIMARY KEY (representation_id, service_id)
);

create table notice_cause (
  cause_id bigint generated always as identity not null,
  kind text collate "C" not null,
  party_id uuid,
  subject uuid not null,
  edition text collate "C" not null,
  other uuid,
  data jsonb default '{}'::jsonb not null,
  caused_in xid8 default pg_current_xact_id() not null,
  caused_at timestamp with time zone default clock_timestamp() not null,
  constraint notice_cause_pkey PRIMARY KEY (cause_id)
);

create table notice_clock (
  looked_until timestamp with time zone not null
);

create table notice (
  notice_id uuid not null,
  party_id uuid not null,
  number bigint not null,
  kind text collate "C" not null,
  subject uuid not null,
  edition text collate "C" not null,
  other uuid,
  data jsonb not null,
  caused_at timestamp with time zone not null,
  read_at timestamp with time zone,
  constraint notice_pkey PRIMARY KEY (notice_id),
  constraint notice_party_id_kind_subject_edition_key UNIQUE (party_id, kind, subject, edition),
  constraint notice_party_id_number_key UNIQUE (party_id, number),
  constraint notice_number_check CHECK (number > 0)
);

create table notice_delivery (
  delivery_id uuid not null,
  party_id uuid not null,
  channel text not null,
  occasion text collate "C" not null,
  instead_of_email boolean not null,
  state text default 'waiting'::text not null,
  attempts integer default 0 not null,
  due_at timestamp with time zone not null,
  claim uuid,
  created_at timestamp with time zone default clock_timestamp() not null,
  done_at timestamp with time zone,
  constraint notice_delivery_pkey PRIMARY KEY (delivery_id),
  constraint notice_delivery_party_id_channel_occasion_key UNIQUE (party_id, channel, occasion),
  constraint notice_delivery_channel_check CHECK (channel = ANY (ARRAY['email'::text, 'sms'::text])),
  constraint notice_delivery_check CHECK ((claim IS NOT NULL) = (state = 'sending'::text)),
  constraint notice_delivery_check1 CHECK ((done_at IS NULL) = (state = ANY (ARRAY['waiting'::text, 'sending'::text]))),
  constraint notice_delivery_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'not_needed'::text, 'not_reachable'::text, 'refused'::text, 'given_up'::text]))
);

create table notice_setting (
  party_id uuid not null,
  first_use text not null,
  changed_at timestamp with time zone default clock_timestamp() not null,
  constraint notice_setting_pkey PRIMARY KEY (party_id),
  constraint notice_setting_first_use_check CHECK (first_use = ANY (ARRAY['each'::text, 'weekly'::text, 'never'::text]))
);

create table trusted_contact (
  contact_id uuid default gen_random_uuid() not null,
  person uuid not null,
  contact uuid not null,
  named_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,
  ended_by uuid,
  constraint trusted_contact_pkey PRIMARY KEY (contact_id),
  constraint trusted_contact_check CHECK (contact <> person),
  constraint trusted_contact_check1 CHECK (ended_by = person OR ended_by = contact),
  constraint trusted_contact_check2 CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);


CREATE INDEX act_of_principal ON act USING btree (principal) WHERE completed_at IS NULL;
CREATE INDEX actor_grant_end ON actor_grant USING btree (ends_at);
CREATE INDEX actor_grant_of_provider ON actor_grant USING btree (issuer, provider_session) WHERE ended_at IS NULL;
CREATE INDEX audience_of_client ON audience USING btree (client_id);
CREATE INDEX audit_entry_of_actor ON ONLY audit_entry USING btree (actor, occurred_at DESC, entry_id DESC);
CREATE INDEX audit_entry_of_exchange ON ONLY audit_entry USING btree (entry_id) WHERE kind = 'exchange'::text;
CREATE INDEX audit_entry_of_principal ON ONLY audit_entry USING btree (principal, occurred_at DESC, entry_id DESC);
CREATE UNIQUE INDEX employment_current ON employment USING btree (employment_id) WHERE upper_inf(recorded);
CREATE INDEX employment_end ON employment USING btree (upper(valid)) WHERE upper_inf(recorded) AND NOT upper_inf(valid);
CREATE UNIQUE INDEX employment_power_once ON employment_power USING btree (employment_id, service_id, action, COALESCE(provider, ''::text));
CREATE INDEX event_age ON event USING btree (told_at);
CREATE UNIQUE INDEX event_clock_once ON event_clock USING btree ((true));
CREATE INDEX event_of_handle ON event USING btree (handle, number DESC);
CREATE INDEX event_unacknowledged ON event USING btree (client_id, number) WHERE acknowledged_at IS NULL;
CREATE INDEX ground_use_age ON ground_use USING btree (last_used_at);
CREATE INDEX handle_of_representation ON handle USING btree (representation_id) WHERE representation_id IS NOT NULL;
CREATE INDEX idempotency_age ON idempotency USING btree (created_at);
CREATE INDEX invitation_of_inviter ON invitation USING btree (inviter, invitation_id DESC);
CREATE INDEX issued_token_expiry ON issued_token USING btree (expires_at);
CREATE INDEX letter_to_be_sent ON letter USING btree (letter_id) WHERE sent_at IS NULL;
CREATE INDEX login_attempt_age ON login_attempt USING btree (created_at);
CREATE INDEX login_attempt_of_draft ON login_attempt USING btree (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX mandate_draft_expiry ON mandate_draft USING btree (expires_at);
CREATE UNIQUE INDEX mandate_power_current ON mandate_power USING btree (mandate_id, mandate_power_id) WHERE upper_inf(recorded);
CREATE INDEX mandate_power_end ON mandate_power USING btree (upper(valid)) WHERE upper_inf(recorded) AND (state = ANY (ARRAY['held'::text, 'active'::text, 'frozen'::text]));
CREATE INDEX mandate_power_of_mandate ON mandate_power USING btree (mandate_id);
CREATE INDEX mandate_request_age ON mandate_request USING btree (made_at) WHERE mandate_id IS NULL;
CREATE INDEX mandate_request_of_helper ON mandate_request USING btree (helper, request_id DESC);
CREATE INDEX mandate_request_of_principal ON mandate_request USING btree (principal, request_id DESC) WHERE principal IS NOT NULL;
CREATE INDEX mandate_version_begin ON mandate_version USING btree (made_at) WHERE change = ANY (ARRAY['given'::text, 'accepted'::text]);
CREATE INDEX notice_age ON notice USING btree (caused_at);
CREATE UNIQUE INDEX notice_clock_once ON notice_clock USING btree ((true));
CREATE INDEX notice_delivery_done ON notice_delivery USING btree (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX notice_delivery_due ON notice_delivery USING btree (channel, due_at) WHERE state = ANY (ARRAY['waiting'::text, 'sending'::text]);
CREATE INDEX notice_unread ON notice USING btree (party_id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX party_fact_current ON party_fact USING btree (party_id) INCLUDE (born_on, died_on, ceased, protected_address, capacity_lost, residences, source) WHERE upper_inf(recorded);
CREATE INDEX party_identifier_of_party ON party_identifier USING btree (party_id);
CREATE INDEX party_of_day ON party USING btree (abs(hashtext(party_id::text) % 365)) WHERE kind = 'person'::text;
CREATE UNIQUE INDEX relation_version_current ON relation_version USING btree (representation_id) WHERE upper_inf(recorded);
CREATE INDEX relation_version_end ON relation_version USING btree (upper(valid)) WHERE upper_inf(recorded) AND NOT upper_inf(valid);
CREATE INDEX reported_use_of_token ON reported_use USING btree (evaluation_id, happened_at DESC);
CREATE INDEX representation_of_pair ON representation USING btree (principal, representative);
CREATE INDEX representation_of_parent ON representation USING btree (parent) WHERE parent IS NOT NULL;
CREATE UNIQUE INDEX representation_of_register ON representation USING btree (principal, basis, source, source_reference) WHERE basis <> 'mandate'::text;
CREATE INDEX representation_of_representative ON representation USING btree (representative, principal);
CREATE INDEX ruling_begin ON ruling USING btree (lower(valid)) WHERE upper_inf(recorded);
CREATE INDEX ruling_end ON ruling USING btree (upper(valid)) WHERE upper_inf(recorded) AND NOT upper_inf(valid);
CREATE UNIQUE INDEX ruling_of_client ON ruling USING btree (made_by_client, reference) WHERE upper_inf(recorded);
CREATE INDEX ruling_of_party ON ruling USING btree (made_by_party) WHERE upper_inf(recorded) AND made_by_party IS NOT NULL;
CREATE INDEX ruling_of_principal ON ruling USING btree (principal) WHERE upper_inf(recorded);
CREATE INDEX session_of_provider ON session USING btree (issuer, provider_session) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX signing_key_one_at_a_time ON signing_key USING btree (purpose, signs_from);
CREATE UNIQUE INDEX signing_key_one_stands_by ON signing_key USING btree (purpose) WHERE signs_from IS NULL AND removed_at IS NULL;
CREATE INDEX status_entry_end ON status_entry USING btree (tokens_until);
CREATE INDEX status_entry_of_employee ON status_entry USING btree (employee) WHERE employee IS NOT NULL;
CREATE UNIQUE INDEX status_entry_once ON status_entry USING btree (representation_id, audience, stands_on, employee) NULLS NOT DISTINCT WHERE decoy IS NULL;
CREATE INDEX trusted_contact_end ON trusted_contact USING btree (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX trusted_contact_named ON trusted_contact USING btree (person, named_at);
CREATE UNIQUE INDEX trusted_contact_now ON trusted_contact USING btree (person) WHERE ended_at IS NULL;
CREATE INDEX trusted_contact_of ON trusted_contact USING btree (contact) WHERE ended_at IS NULL;
CREATE INDEX used_dpop_proof_expiry ON used_dpop_proof USING btree (expires_at);
CREATE INDEX used_jti_expiry ON used_jti USING btree (expires_at);

create table audit_entry_default partition of audit_entry default;

alter table act add constraint act_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table act add constraint act_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES party(party_id);
alter table act add constraint act_principal_fkey FOREIGN KEY (principal) REFERENCES party(party_id);
alter table act add constraint act_representation_id_fkey FOREIGN KEY (representation_id) REFERENCES representation(representation_id);
alter table actor_grant add constraint actor_grant_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table actor_grant add constraint actor_grant_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table actor_grant add constraint actor_grant_works_for_fkey FOREIGN KEY (works_for) REFERENCES party(party_id);
alter table approval add constraint approval_act_id_fkey FOREIGN KEY (act_id) REFERENCES act(act_id);
alter table approval add constraint approval_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table audience add constraint audience_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table catalogue_service add constraint catalogue_service_version_fkey FOREIGN KEY (version) REFERENCES catalogue_version(version);
alter table employment add constraint employment_employment_id_basis_fkey FOREIGN KEY (employment_id, basis) REFERENCES representation(representation_id, basis);
alter table employment add constraint employment_told_by_fkey FOREIGN KEY (told_by) REFERENCES client(client_id);
alter table employment_power add constraint employment_power_employment_id_fkey FOREIGN KEY (employment_id) REFERENCES representation(representation_id);
alter table event add constraint event_client_id_fkey FOREIGN KEY (client_id) REFERENCES event_stream(client_id);
alter table event add constraint event_handle_fkey FOREIGN KEY (handle) REFERENCES handle(handle);
alter table event_stream add constraint event_stream_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table evidence add constraint evidence_mandate_id_version_fkey FOREIGN KEY (mandate_id, version) REFERENCES mandate_version(mandate_id, version);
alter table ground_use add constraint ground_use_representation_id_fkey FOREIGN KEY (representation_id) REFERENCES representation(representation_id);
alter table handle add constraint handle_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table handle add constraint handle_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table handle add constraint handle_representation_id_fkey FOREIGN KEY (representation_id) REFERENCES representation(representation_id);
alter table invitation add constraint invitation_inviter_fkey FOREIGN KEY (inviter) REFERENCES party(party_id);
alter table invitation add constraint invitation_redeemed_by_fkey FOREIGN KEY (redeemed_by) REFERENCES party(party_id);
alter table invitation add constraint invitation_used_for_fkey FOREIGN KEY (used_for) REFERENCES mandate(mandate_id);
alter table issued_token add constraint issued_token_act_id_fkey FOREIGN KEY (act_id) REFERENCES act(act_id);
alter table issued_token add constraint issued_token_audience_fkey FOREIGN KEY (audience) REFERENCES audience(audience);
alter table issued_token add constraint issued_token_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table issued_token add constraint issued_token_representation_id_fkey FOREIGN KEY (representation_id) REFERENCES representation(representation_id);
alter table letter add constraint letter_request_id_fkey FOREIGN KEY (request_id) REFERENCES mandate_request(request_id);
alter table login_attempt add constraint login_attempt_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES mandate_draft(draft_id) ON DELETE CASCADE;
alter table mandate add constraint mandate_mandate_id_basis_fkey FOREIGN KEY (mandate_id, basis) REFERENCES representation(representation_id, basis);
alter table mandate_draft add constraint mandate_draft_catalogue_version_fkey FOREIGN KEY (catalogue_version) REFERENCES catalogue_version(version);
alter table mandate_draft add constraint mandate_draft_confirmed_as_fkey FOREIGN KEY (confirmed_as) REFERENCES mandate(mandate_id);
alter table mandate_draft add constraint mandate_draft_giver_fkey FOREIGN KEY (giver) REFERENCES party(party_id);
alter table mandate_power add constraint mandate_power_catalogue_version_service_id_fkey FOREIGN KEY (catalogue_version, service_id) REFERENCES catalogue_service(version, service_id);
alter table mandate_power add constraint mandate_power_given_by_fkey FOREIGN KEY (given_by) REFERENCES party(party_id);
alter table mandate_power add constraint mandate_power_mandate_id_fkey FOREIGN KEY (mandate_id) REFERENCES mandate(mandate_id);
alter table mandate_power add constraint mandate_power_mandate_id_principal_representative_fkey FOREIGN KEY (mandate_id, principal, representative) REFERENCES representation(representation_id, principal, representative);
alter table mandate_power add constraint mandate_power_mandate_id_version_fkey FOREIGN KEY (mandate_id, version) REFERENCES mandate_version(mandate_id, version);
alter table mandate_request add constraint mandate_request_helper_fkey FOREIGN KEY (helper) REFERENCES party(party_id);
alter table mandate_request add constraint mandate_request_mandate_id_fkey FOREIGN KEY (mandate_id) REFERENCES mandate(mandate_id);
alter table mandate_request add constraint mandate_request_principal_fkey FOREIGN KEY (principal) REFERENCES party(party_id);
alter table mandate_version add constraint mandate_version_catalogue_version_fkey FOREIGN KEY (catalogue_version) REFERENCES catalogue_version(version);
alter table mandate_version add constraint mandate_version_made_by_fkey FOREIGN KEY (made_by) REFERENCES party(party_id);
alter table mandate_version add constraint mandate_version_made_by_register_fkey FOREIGN KEY (made_by_register) REFERENCES register_freshness(source);
alter table mandate_version add constraint mandate_version_made_for_fkey FOREIGN KEY (made_for) REFERENCES party(party_id);
alter table mandate_version add constraint mandate_version_mandate_id_fkey FOREIGN KEY (mandate_id) REFERENCES mandate(mandate_id);
alter table notice add constraint notice_other_fkey FOREIGN KEY (other) REFERENCES party(party_id);
alter table notice add constraint notice_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table notice_cause add constraint notice_cause_other_fkey FOREIGN KEY (other) REFERENCES party(party_id);
alter table notice_cause add constraint notice_cause_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table notice_delivery add constraint notice_delivery_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table notice_setting add constraint notice_setting_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table party_fact add constraint party_fact_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table party_fact add constraint party_fact_source_fkey FOREIGN KEY (source) REFERENCES register_freshness(source);
alter table party_identifier add constraint party_identifier_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table register_cursor add constraint register_cursor_source_fkey FOREIGN KEY (source) REFERENCES register_freshness(source);
alter table register_refusal add constraint register_refusal_source_fkey FOREIGN KEY (source) REFERENCES register_freshness(source);
alter table relation_version add constraint relation_version_representation_id_fkey FOREIGN KEY (representation_id) REFERENCES representation(representation_id);
alter table reported_use add constraint reported_use_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);
alter table representation add constraint representation_parent_fkey FOREIGN KEY (parent) REFERENCES representation(representation_id);
alter table representation add constraint representation_principal_fkey FOREIGN KEY (principal) REFERENCES party(party_id);
alter table representation add constraint representation_representative_fkey FOREIGN KEY (representative) REFERENCES party(party_id);
alter table request_block add constraint request_block_helper_fkey FOREIGN KEY (helper) REFERENCES party(party_id);
alter table request_block add constraint request_block_principal_fkey FOREIGN KEY (principal) REFERENCES party(party_id);
alter table ruling add constraint ruling_made_by_client_fkey FOREIGN KEY (made_by_client) REFERENCES client(client_id);
alter table ruling add constraint ruling_made_by_party_fkey FOREIGN KEY (made_by_party) REFERENCES party(party_id);
alter table ruling add constraint ruling_principal_fkey FOREIGN KEY (principal) REFERENCES party(party_id);
alter table ruling add constraint ruling_representative_fkey FOREIGN KEY (representative) REFERENCES party(party_id);
alter table session add constraint session_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(party_id);
alter table signed_status_list add constraint signed_status_list_list_id_fkey FOREIGN KEY (list_id) REFERENCES status_list(list_id);
alter table status_entry add constraint status_entry_audience_fkey FOREIGN KEY (audience) REFERENCES audience(audience);
alter table status_entry add constraint status_entry_employee_fkey FOREIGN KEY (employee) REFERENCES party(party_id);
alter table status_entry add constraint status_entry_list_id_fkey FOREIGN KEY (list_id) REFERENCES status_list(list_id);
alter table status_entry add constraint status_entry_representation_id_fkey FOREIGN KEY (representation_id) REFERENCES representation(representation_id);
alter table trusted_contact add constraint trusted_contact_contact_fkey FOREIGN KEY (contact) REFERENCES party(party_id);
alter table trusted_contact add constraint trusted_contact_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES party(party_id);
alter table trusted_contact add constraint trusted_contact_person_fkey FOREIGN KEY (person) REFERENCES party(party_id);
alter table used_jti add constraint used_jti_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(client_id);

CREATE OR REPLACE FUNCTION public.evidence_fits()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.ground_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  execute format('insert into public.ground_change (what, changed, how) select distinct %L, %I, ''told'' from changed',
    tg_argv[0], tg_argv[1]);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.ground_use_tells()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into public.notice_cause (kind, party_id, subject, edition, data)
  select 'first_use', n.principal, n.representation_id, new.service_id, jsonb_build_object('service', new.service_id)
    from public.representation n where n.representation_id = new.representation_id and n.basis = 'mandate';
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.grounds_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('grounds_changed', '');
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.id_token_claim(id_token text, claim text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select convert_from(decode(rpad(part, (length(part) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb ->> claim
    from translate(split_part(id_token, '.', 2), '-_', '+/') as part
$function$;

CREATE OR REPLACE FUNCTION public.make_audit_partitions(months_ahead integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.mandate_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into public.ground_change (what, changed, how) values ('mandate', new.mandate_id, new.change);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mandate_power_final()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select 1 from public.mandate_power earlier
     where earlier.mandate_power_id = new.mandate_power_id and earlier.state in ('ended', 'declined', 'cancelled')
  ) then raise exception 'a power that has ended cannot come back' using errcode = '23514'; end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.mandate_power_from_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  made text;
  earlier public.mandate_power;
begin
  select v.change into made from public.mandate_version v
   where v.mandate_id = new.mandate_id and v.version = new.version and v.xmin = pg_current_xact_id()::xid;
  select * into earlier from public.mandate_power w
   where w.mandate_power_id = new.mandate_power_id and upper(w.recorded) = lower(new.recorded);
  if made is null or (made = 'given') <> (earlier.mandate_power_id is null)
     or (made <> 'given' and (
       (new.mandate_id, new.principal, new.representative, new.given_by, new.service_id, new.action, new.provider, new.object, new.passing_on)
         is distinct from
       (earlier.mandate_id, earlier.principal, earlier.representative, earlier.given_by, earlier.service_id, earlier.action,
         earlier.provider, earlier.object, earlier.passing_on)
       or (made <> 'extended' and not new.valid <@ earlier.valid)
       or (made <> 'accepted' and earlier.state = 'offered' and new.state in ('held', 'active', 'frozen'))))
  then raise exception 'no version says this of the power' using errcode = '23514'; end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.mandate_version_tells()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into public.notice_cause (kind, subject, edition)
  select case when new.change = 'given' and n.parent is not null then 'passed_on' else new.change end,
         new.mandate_id, new.version::text
    from public.representation n where n.representation_id = new.mandate_id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.notice_caused()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from caused) then perform pg_notify('notices_caused', ''); end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.party_fact_follows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select 1 from public.party_fact earlier
     where earlier.party_id = new.party_id and not upper_inf(earlier.recorded) and earlier.recorded && new.recorded
  ) then raise exception 'recorded before what was closed' using errcode = '23P01'; end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.recorded_is_closed_once()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not upper_inf(case tg_op when 'INSERT' then new.recorded else old.recorded end) then
    raise exception 'what was recorded is closed' using errcode = '23514';
  end if;
  if tg_op = 'UPDATE' and (upper_inf(new.recorded) or new.recorded <> tstzrange(lower(old.recorded), upper(new.recorded))) then
    raise exception 'what was recorded can only be closed' using errcode = '23514';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.relation_version_follows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select 1 from public.relation_version earlier
     where earlier.representation_id = new.representation_id and not upper_inf(earlier.recorded)
       and earlier.recorded && new.recorded
  ) then raise exception 'recorded before what was closed' using errcode = '23P01'; end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.representation_passed_on()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.basis <> 'mandate' or not exists (
    select from public.representation above
     where above.representation_id = new.parent and above.basis = 'mandate' and above.parent is null
       and above.principal = new.principal and above.representative <> new.representative
  ) then raise exception 'only a mandate of the same principal is passed on, once, to a third person' using errcode = '23514'; end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.signing_keys_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('signing_keys_changed', '');
  return null;
end $function$;


CREATE TRIGGER employment_closed_once BEFORE INSERT OR UPDATE ON employment FOR EACH ROW EXECUTE FUNCTION recorded_is_closed_once();
CREATE TRIGGER employment_noted_on_insert AFTER INSERT ON employment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('employment', 'employment_id');
CREATE TRIGGER employment_noted_on_update AFTER UPDATE ON employment REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('employment', 'employment_id');
CREATE TRIGGER employment_wakes AFTER INSERT OR UPDATE ON employment FOR EACH STATEMENT EXECUTE FUNCTION grounds_changed();
CREATE TRIGGER evidence_fits AFTER INSERT OR UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_fits();
CREATE TRIGGER ground_use_tells AFTER INSERT ON ground_use FOR EACH ROW EXECUTE FUNCTION ground_use_tells();
CREATE TRIGGER mandate_power_closed_once BEFORE INSERT OR UPDATE ON mandate_power FOR EACH ROW EXECUTE FUNCTION recorded_is_closed_once();
CREATE TRIGGER mandate_power_final BEFORE INSERT OR UPDATE ON mandate_power FOR EACH ROW EXECUTE FUNCTION mandate_power_final();
CREATE TRIGGER mandate_power_from_version AFTER INSERT ON mandate_power FOR EACH ROW EXECUTE FUNCTION mandate_power_from_version();
CREATE TRIGGER mandate_version_noted AFTER INSERT ON mandate_version FOR EACH ROW WHEN (new.change = ANY (ARRAY['narrowed'::text, 'frozen'::text, 'thawed'::text, 'ended'::text])) EXECUTE FUNCTION mandate_changed();
CREATE TRIGGER mandate_version_tells AFTER INSERT ON mandate_version FOR EACH ROW EXECUTE FUNCTION mandate_version_tells();
CREATE TRIGGER mandate_version_wakes AFTER INSERT ON mandate_version FOR EACH ROW WHEN (new.change = ANY (ARRAY['narrowed'::text, 'frozen'::text, 'thawed'::text, 'ended'::text])) EXECUTE FUNCTION grounds_changed();
CREATE TRIGGER notice_cause_wakes AFTER INSERT ON notice_cause REFERENCING NEW TABLE AS caused FOR EACH STATEMENT EXECUTE FUNCTION notice_caused();
CREATE TRIGGER party_fact_closed_once BEFORE INSERT OR UPDATE ON party_fact FOR EACH ROW EXECUTE FUNCTION recorded_is_closed_once();
CREATE TRIGGER party_fact_follows AFTER INSERT ON party_fact FOR EACH ROW EXECUTE FUNCTION party_fact_follows();
CREATE TRIGGER party_fact_noted_on_insert AFTER INSERT ON party_fact REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('party', 'party_id');
CREATE TRIGGER party_fact_noted_on_update AFTER UPDATE ON party_fact REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('party', 'party_id');
CREATE TRIGGER party_fact_wakes AFTER INSERT OR UPDATE ON party_fact FOR EACH STATEMENT EXECUTE FUNCTION grounds_changed();
CREATE TRIGGER relation_version_closed_once BEFORE INSERT OR UPDATE ON relation_version FOR EACH ROW EXECUTE FUNCTION recorded_is_closed_once();
CREATE TRIGGER relation_version_follows AFTER INSERT ON relation_version FOR EACH ROW EXECUTE FUNCTION relation_version_follows();
CREATE TRIGGER relation_version_noted_on_insert AFTER INSERT ON relation_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('relation', 'representation_id');
CREATE TRIGGER relation_version_noted_on_update AFTER UPDATE ON relation_version REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('relation', 'representation_id');
CREATE TRIGGER relation_version_wakes AFTER INSERT OR UPDATE ON relation_version FOR EACH STATEMENT EXECUTE FUNCTION grounds_changed();
CREATE TRIGGER representation_passed_on BEFORE INSERT OR UPDATE ON representation FOR EACH ROW WHEN (new.parent IS NOT NULL) EXECUTE FUNCTION representation_passed_on();
CREATE TRIGGER ruling_noted_on_insert AFTER INSERT ON ruling REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('ruling', 'principal');
CREATE TRIGGER ruling_noted_on_update AFTER UPDATE ON ruling REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ground_changed('ruling', 'principal');
CREATE TRIGGER ruling_wakes AFTER INSERT OR UPDATE ON ruling FOR EACH STATEMENT EXECUTE FUNCTION grounds_changed();
CREATE TRIGGER signing_key_wakes AFTER INSERT OR UPDATE ON signing_key FOR EACH STATEMENT EXECUTE FUNCTION signing_keys_changed();

revoke execute on function make_audit_partitions(integer) from public;
grant usage on schema public to fullmakt_server;
grant insert, select on act to fullmakt_server;
grant delete, insert, select, update on actor_grant to fullmakt_server;
grant insert, select on approval to fullmakt_server;
grant insert, select, update on audience to fullmakt_server;
grant insert, select on audit_entry to fullmakt_server;
grant select on audit_entry_default to fullmakt_server;
grant insert, select on catalogue_service to fullmakt_server;
grant insert, select on catalogue_version to fullmakt_server;
grant insert, select, update on client to fullmakt_server;
grant insert, select on employment to fullmakt_server;
grant insert, select on employment_power to fullmakt_server;
grant delete, insert, select on event to fullmakt_server;
grant select, update on event_clock to fullmakt_server;
grant insert, select, update on event_stream to fullmakt_server;
grant insert, select on evidence to fullmakt_server;
grant delete, insert, select on ground_change to fullmakt_server;
grant insert, select on ground_use to fullmakt_server;
grant insert, select on handle to fullmakt_server;
grant delete, insert, select, update on idempotency to fullmakt_server;
grant delete, insert, select on invitation to fullmakt_server;
grant delete, insert, select on issued_token to fullmakt_server;
grant delete, insert, select on letter to fullmakt_server;
grant delete, insert, select, update on login_attempt to fullmakt_server;
grant insert, select on mandate to fullmakt_server;
grant delete, insert, select, update on mandate_draft to fullmakt_server;
grant insert, select on mandate_power to fullmakt_server;
grant delete, insert, select on mandate_request to fullmakt_server;
grant insert, select on mandate_version to fullmakt_server;
grant delete, insert, select on notice to fullmakt_server;
grant delete, insert, select on notice_cause to fullmakt_server;
grant select, update on notice_clock to fullmakt_server;
grant delete, insert, select on notice_delivery to fullmakt_server;
grant insert, select on notice_setting to fullmakt_server;
grant insert, select on party to fullmakt_server;
grant insert, select on party_fact to fullmakt_server;
grant insert, select on party_identifier to fullmakt_server;
grant insert, select, update on register_cursor to fullmakt_server;
grant insert, select, update on register_freshness to fullmakt_server;
grant delete, insert, select on register_refusal to fullmakt_server;
grant insert, select on relation_version to fullmakt_server;
grant insert, select on reported_use to fullmakt_server;
grant insert, select on representation to fullmakt_server;
grant delete, insert, select on request_block to fullmakt_server;
grant insert, select on ruling to fullmakt_server;
grant delete, insert, select, update on session to fullmakt_server;
grant insert, select, update on signed_status_list to fullmakt_server;
grant insert, select on signing_key to fullmakt_server;
grant delete, insert, select on status_entry to fullmakt_server;
grant insert, select on status_list to fullmakt_server;
grant delete, insert, select on trusted_contact to fullmakt_server;
grant delete, insert, select on used_dpop_proof to fullmakt_server;
grant delete, insert, select on used_jti to fullmakt_server;
grant delete, insert, select on used_logout_token to fullmakt_server;
grant update (completed_at) on act to fullmakt_server;
grant update (recorded) on employment to fullmakt_server;
grant update (acknowledged_at, refused_as) on event to fullmakt_server;
grant update (last_used_at) on ground_use to fullmakt_server;
grant update (expires_at, redeemed_by, redeemed_at, cancelled_at, used_for) on invitation to fullmakt_server;
grant update (revoked_at) on issued_token to fullmakt_server;
grant update (code_hash, sent_at) on letter to fullmakt_server;
grant update (version) on mandate to fullmakt_server;
grant update (recorded) on mandate_power to fullmakt_server;
grant update (withdrawn_at, declined_at, silently, reason, reported, approved_at, mandate_id) on mandate_request to fullmakt_server;
grant update (read_at) on notice to fullmakt_server;
grant update (state, attempts, due_at, claim, done_at) on notice_delivery to fullmakt_server;
grant update (first_use, changed_at) on notice_setting to fullmakt_server;
grant update (recorded) on party_fact to fullmakt_server;
grant update (replaced_at) on party_identifier to fullmakt_server;
grant update (code) on register_refusal to fullmakt_server;
grant update (recorded) on relation_version to fullmakt_server;
grant update (recorded) on ruling to fullmakt_server;
grant update (tokens_until) on status_entry to fullmakt_server;
grant update (taking) on status_list to fullmakt_server;
grant update (ended_at, ended_by) on trusted_contact to fullmakt_server;
grant execute on function make_audit_partitions(integer) to fullmakt_server;
