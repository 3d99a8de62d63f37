import type { Store } from '../database/database.ts';

/** The slot of a member's personal space, if there is one. */
export async function findOwnSpace(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<number | undefined> {
  const row = await store.get<{ slot: number }>(
    'select space_slot as slot from space_owners where organization_id = ? and member_slot = ?',
    [organizationId, memberSlot],
  );
  return row?.slot;
}

/** Who owns each of these spaces that has an owner: members' slots by spaces' slots. */
export async function findSpaceOwners(
  store: Store,
  organizationId: number,
  spaceSlots: readonly number[],
): Promise<Map<number, number>> {
  const rows = await store.allEach<{ space: number; member: number }>(
    'select space_slot as space, member_slot as member from space_owners where organization_id = ? and space_slot = ?',
    spaceSlots.map((slot) => [organizationId, slot]),
  );
  return new Map(rows.map(({ space, member }) => [space, member]));
}

/** @throws DuplicateError where the space has an owner, or the member a personal space. */
export async function insertSpaceOwner(
  store: Store,
  organizationId: number,
  { spaceSlot, memberSlot }: { spaceSlot: number; memberSlot: number },
): Promise<void> {
  await store.run(
    'insert into space_owners (organization_id, space_slot, member_slot) values (?, ?, ?)',
    [organizationId, spaceSlot, memberSlot],
  );
}

export async function deleteSpaceOwner(
  store: Store,
  organizationId: number,
  spaceSlot: number,
): Promise<void> {
  await store.run('delete from space_owners where organization_id = ? and space_slot = ?', [
    organizationId,
    spaceSlot,
  ]);
}
