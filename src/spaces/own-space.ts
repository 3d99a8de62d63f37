import type { Clock } from '../clock.ts';
import type { Queries } from '../database/database.ts';
import { lists } from '../discovery/lists.ts';
import { findRows, type StoredRow } from '../discovery/row-store.ts';
import { changeRows } from '../discovery/row-writer.ts';
import type { Identifiers } from '../identifiers.ts';
import { findListedMembers } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { insertSpace } from './insert-space.ts';
import { findOwnSpace, insertSpaceOwner } from './space-owner-store.ts';

/** The personal space of a member, made where there is none. Within a transaction. */
export async function getOrMakeOwnSpace(
  queries: Queries,
  organization: Organization,
  member: { slot: number },
  outside: { clock: Clock; identifiers: Identifiers },
): Promise<StoredRow> {
  // Asked while the organization is held, so that two requests at once make one space.
  return changeRows(queries, organization.id, async (writer) => {
    const slot = await findOwnSpace(queries, organization.id, member.slot);
    const found = await findRows(
      queries,
      organization.id,
      lists.spaces,
      'slot',
      slot === undefined ? [] : [slot],
    );
    if (found[0]) return found[0];
    const [listed] = await findListedMembers(queries, organization.id, [member.slot]);
    const space = await insertSpace(
      queries,
      writer,
      organization,
      {
        name: listed?.username ?? 'Personal space',
        description: null,
        type: 'private',
        creatorSlot: member.slot,
      },
      outside,
    );
    const owner = { spaceSlot: space.slot, memberSlot: member.slot };
    await insertSpaceOwner(queries, organization.id, owner);
    return space;
  });
}
