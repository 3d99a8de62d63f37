-- Who a member is at the OpenID provider: one account of it and no other. Where two came to open the same member, the first
-- one stays, and the member's sessions end.

delete from sessions where exists (
  select 1 from oidc_identities
  where oidc_identities.organization_id = sessions.organization_id and oidc_identities.member_slot = sessions.member_slot
  group by issuer having count(*) > 1
);

delete from oidc_identities where exists (
  select 1 from oidc_identities as earlier
  where earlier.organization_id = oidc_identities.organization_id and earlier.issuer = oidc_identities.issuer
    and earlier.member_slot = oidc_identities.member_slot
    and (earlier.created_at, earlier.subject) < (oidc_identities.created_at, oidc_identities.subject)
);

create unique index oidc_identities_one on oidc_identities (organization_id, issuer, member_slot);

-- The members who were removed: where their rows and all that was theirs still are.
create table former_members (
  organization_id integer not null references organizations (id),
  email text not null,
  member_slot integer not null,
  primary key (organization_id, email)
) strict;

-- The browsers in which somebody has signed in with an email. Their sign-ins that fail are counted by themselves.
create table known_browsers (
  -- SHA-256 of what the browser's cookie holds, and of the email.
  browser_hash blob not null,
  account_hash blob not null,
  ends_at text not null,
  primary key (browser_hash, account_hash)
) strict;

create index known_browsers_end on known_browsers (ends_at);
