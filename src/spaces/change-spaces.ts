import { type Actor, type AuditAction, recordAudit } from '../audit/audit-log-store.ts';
import type { Caller } from '../callers/authenticate.ts';
import { requireAdmin } from '../callers/authorize.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { changedFields } from '../http/changed-fields.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { patched, readRow } from '../inventory/row.ts';
import { deleteRowDetails, findRowDetails } from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { changeOrganization, changeRows, type RowWriter } from '../inventory/row-writer.ts';
import { findListedMember } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { insertSpace } from './insert-space.ts';
import { findOwnSpaceRow } from './own-space.ts';
import { showSpace } from './show-spaces.ts';
import { accessOf, getSpaceRow, requireSpaceChange } from './space-access.ts';
import { deleteSpaceOwner, insertSpaceOwner } from './space-owner-store.ts';
import type { Space, SpaceChange } from './space-schema.ts';
import { countReports } from './space-store.ts';

/** Who changes spaces, and what it takes besides. */
export type SpaceChanger = { caller: Caller; actor: Actor; clock: Clock; identifiers: Identifiers };

/** One space and who changes it, unless `check` refuses the state in which it is shown now. */
type OneSpace = SpaceChanger & { token: string; check: (shown: object) => void };

type ShownSpace = Space;

/** Makes a shared space. */
export async function createSpace(
  database: Database,
  given: { name: string; description?: string | null },
  changer: SpaceChanger,
): Promise<ShownSpace> {
  const { organization, member } = changer.caller;
  return database.transaction(async (store) => {
    const space = {
      name: given.name,
      description: given.description ?? null,
      type: 'custom' as const,
      creatorSlot: member?.slot ?? null,
    };
    const row = await changeRows(store, organization.id, (writer) =>
      insertSpace(store, writer, organization, space, changer),
    );
    await audit(store, changer, 'space.created', row);
    return showSpace(store, organization, row);
  });
}

/** Changes what is given. What was imported is from here from then on, and no import changes it again. */
export async function changeSpace(
  database: Database,
  { owner, ...given }: SpaceChange['space'],
  one: OneSpace,
): Promise<ShownSpace> {
  const { organization } = one.caller;
  if (owner !== undefined) requireAdmin(one.caller);
  return withSpace(database, one, async (store, writer, row, shown) => {
    const change = changedFields(given, shown);
    requireChangeable(change);
    const detail = { ...change, ...(owner !== undefined && { owner }) };
    if (Object.keys(detail).length === 0) return shown;
    const body = patched(lists.spaces, row.body, change);
    const changed = { ...row, body, sourceId: null };
    if (Object.keys(change).length > 0) await writer.update(lists.spaces, [changed]);
    if (owner !== undefined) await assignSpace(store, organization, row, owner);
    await audit(store, one, 'space.changed', changed, detail);
    return showSpace(store, organization, changed);
  });
}

type FieldChange = Omit<SpaceChange['space'], 'owner'>;

/** Clients send back what they were answered, and that may be what nobody can choose. @throws ApiError bad_request */
function requireChangeable(
  change: FieldChange,
): asserts change is { name?: string; description?: string | null } {
  const { name, default_access_level: level } = change;
  if (name === null) {
    throw new ApiError('bad_request', 'Field space.name is null; it must be text.');
  }
  if (level === undefined) return;
  throw new ApiError(
    'bad_request',
    `Field space.default_access_level is ${quoted(level)}; it must be the current level of the space.`,
    'Shared spaces are for every member, personal spaces for their owners.',
  );
}

/** @throws ApiError conflict where reports lie in the space. */
export async function deleteSpace(database: Database, one: OneSpace): Promise<ShownSpace> {
  const { organization } = one.caller;
  return withSpace(database, one, async (store, writer, row, shown) => {
    const reports = await countReports(store, organization.id, row.slot);
    if (reports > 0) {
      throw new ApiError(
        'conflict',
        `The space has ${reports} ${reports === 1 ? 'report' : 'reports'}, including archived ones; it must be empty.`,
        'Move the reports to another space, or delete them, first.',
      );
    }
    await writer.remove(lists.spaces, [row.slot], one.clock());
    await deleteSpaceOwner(store, organization.id, row.slot);
    await deleteRowDetails(store, organization.id, row.slot);
    await audit(store, one, 'space.deleted', row);
    return shown;
  });
}

/** Does something with a space that the caller may change, and that nobody else changes meanwhile. */
async function withSpace<Result>(
  database: Database,
  { caller, token, check }: OneSpace,
  work: (store: Store, writer: RowWriter, row: StoredRow, shown: ShownSpace) => Promise<Result>,
): Promise<Result> {
  const { organization } = caller;
  return changeOrganization(database, organization.id, async (store, writer) => {
    const access = await accessOf(store, organization.id, caller);
    const row = await getSpaceRow(store, organization.id, access, token);
    const details = await findRowDetails(store, organization.id, [row.slot]);
    requireSpaceChange(access, row, details.get(row.slot)?.creatorSlot ?? null);
    const shown = await showSpace(store, organization, row);
    check(shown);
    return work(store, writer, row, shown);
  });
}

/** Says whose personal space it is: a member's, by the token of the membership, or nobody's. */
async function assignSpace(
  store: Store,
  { id: organizationId }: Organization,
  space: StoredRow,
  owner: string | null,
): Promise<void> {
  if (!space.personal) {
    throw new ApiError('bad_request', 'A shared space has no owner; omit owner.');
  }
  await deleteSpaceOwner(store, organizationId, space.slot);
  if (owner === null) return;
  const member = await findListedMember(store, organizationId, owner);
  if (member === undefined) {
    throw new ApiError(
      'bad_request',
      `owner is ${quoted(owner)}; it must be the token of a membership.`,
      'List the members to find it.',
    );
  }
  if (await findOwnSpaceRow(store, organizationId, member.slot)) {
    throw new ApiError(
      'conflict',
      `${member.email ?? owner} has a personal space already; a member has at most one.`,
      'Move its reports here, delete it, and then assign this one.',
    );
  }
  await insertSpaceOwner(store, organizationId, {
    spaceSlot: space.slot,
    memberSlot: member.slot,
  });
}

async function audit(
  store: Store,
  { caller, actor, clock }: SpaceChanger,
  action: AuditAction,
  { token, body }: StoredRow,
  detail?: object,
): Promise<void> {
  const { name } = readRow(lists.spaces, { body });
  await recordAudit(store, caller.organization.id, {
    at: wireTime(clock()),
    actor,
    action,
    subject: { kind: 'space', token, name },
    ...(detail && { detail }),
  });
}
