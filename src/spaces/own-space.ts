import type { Clock } from '../clock.ts';
import type { Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { findListedMembers } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { insertSpace } from './insert-space.ts';
import { deleteSpaceOwner, findOwnSpace, insertSpaceOwner } from './space-owner-store.ts';

/** The personal space of a member, made where there is none; within `changeRows`, so that two requests at once make one. */
export async function getOrMakeOwnSpace(
  store: Store,
  writer: RowWriter,
  organization: Organization,
  member: { slot: number },
  outside: { clock: Clock; identifiers: Identifiers },
): Promise<StoredRow> {
  const found = await findOwnSpaceRow(store, organization.id, member.slot);
  if (found) return found;
  const [listed] = await findListedMembers(store, organization.id, [member.slot]);
  const made = {
    name: listed?.username ?? 'Personal space',
    description: null,
    type: 'private' as const,
    creatorSlot: member.slot,
  };
  const space = await insertSpace(store, writer, organization, made, outside);
  const owner = { spaceSlot: space.slot, memberSlot: member.slot };
  await insertSpaceOwner(store, organization.id, owner);
  return space;
}

/**
 * The personal space of a member, if there is one. Where an import has taken it away meanwhile, or made it a shared one,
 * the member has none from now on.
 */
export async function findOwnSpaceRow(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<StoredRow | undefined> {
  const slot = await findOwnSpace(store, organizationId, memberSlot);
  if (slot === undefined) return undefined;
  const [row] = await findRows(store, organizationId, lists.spaces, 'slot', [slot]);
  if (row?.personal) return row;
  await deleteSpaceOwner(store, organizationId, slot);
  return undefined;
}
