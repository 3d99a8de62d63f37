-- How members sign in: passwords, sessions, sign-in links, identities at an OpenID provider, and guessing.

create table passwords (
  organization_id bigint not null references organizations (id),
  member_slot bigint not null,
  -- argon2id, as text that holds its own parameters and salt.
  hash text not null,
  changed_at text not null,
  primary key (organization_id, member_slot)
);

create table sessions (
  -- SHA-256 of what the cookie holds.
  id_hash bytea primary key,
  -- What it is called where sessions are listed; never a secret.
  token text not null unique,
  organization_id bigint not null references organizations (id),
  member_slot bigint not null,
  created_at text not null,
  last_seen_at text not null,
  -- When it ends however much it is used.
  expires_at text not null,
  user_agent text,
  address text
);

create index sessions_member on sessions (organization_id, member_slot);

-- Each is good for one use, and gone with it.
create table sign_in_links (
  secret_hash bytea primary key,
  organization_id bigint not null references organizations (id),
  member_slot bigint not null,
  created_at text not null,
  expires_at text not null
);

create index sign_in_links_member on sign_in_links (organization_id, member_slot);

-- Who a member is at the OpenID provider.
create table oidc_identities (
  organization_id bigint not null references organizations (id),
  issuer text not null,
  subject text not null,
  member_slot bigint not null,
  created_at text not null,
  primary key (organization_id, issuer, subject)
);

create index oidc_identities_member on oidc_identities (organization_id, member_slot);

-- Sign-ins that failed, or are not over yet, within a window that began with the first of them.
create table sign_in_tries (
  -- SHA-256 of the address that they came from, or of the email that they were for.
  subject_hash bytea primary key,
  tries bigint not null,
  ends_at text not null
);

create index sign_in_tries_end on sign_in_tries (ends_at);

alter table organizations add column last_audit_number bigint not null default 0;

-- Who did what, when, from where. Names and addresses are kept as they were then.
create table audit_log (
  organization_id bigint not null references organizations (id),
  -- Rises by one within the organization.
  number bigint not null,
  at text not null,
  -- The member who did it; null where it was the command line, a token of the organization, or nobody who is known.
  member_slot bigint,
  member_email text,
  -- The token of the access token or session that it was done with.
  credential text,
  -- The network address that it came from.
  address text,
  action text not null,
  subject_kind text,
  subject_token text,
  subject_name text,
  -- More of it, as JSON.
  detail text,
  primary key (organization_id, number)
);

create index audit_log_action on audit_log (organization_id, action, number);
create index audit_log_member on audit_log (organization_id, member_email, number);
create index audit_log_subject on audit_log (organization_id, subject_token, number);

-- To the minute.
alter table access_tokens add column last_used_at text;
