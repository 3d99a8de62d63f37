-- Reports that a member is writing and has never published. They are in no list and seen by nobody else; publishing one
-- creates the report.
create table unpublished_reports (
  organization_id integer not null references organizations (id),
  member_slot integer not null,
  -- The token that the report gets, unless another has it by then.
  token text not null,
  name text,
  -- The space that it is to be published in; null for the member's personal space.
  space_token text,
  created_at text not null,
  saved_at text not null,
  -- What is to be published, as JSON.
  content text not null,
  primary key (organization_id, member_slot, token)
) strict;
