import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRowDetails } from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { findListedMembers, findStandIn } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { findSpaceOwners } from './space-owner-store.ts';
import { type Space, toSpace } from './space-schema.ts';

/** Spaces as the REST API shows them, with who made them and whose they are. */
export async function showSpaces(
  store: Store,
  organization: Organization,
  rows: readonly Pick<StoredRow, 'slot' | 'body'>[],
): Promise<Space[]> {
  const slots = rows.map(({ slot }) => slot);
  const details = await findRowDetails(store, organization.id, slots);
  const owners = await findSpaceOwners(store, organization.id, slots);
  const creatorOf = (slot: number) => details.get(slot)?.creatorSlot ?? undefined;
  const standIn = await findStandIn(store, organization.id);
  const people = slots.flatMap((slot) => [creatorOf(slot), owners.get(slot)]);
  const members = await findListedMembers(store, organization.id, [
    ...new Set(people.filter((slot) => slot !== undefined)),
  ]);
  const tokens = new Map(members.map(({ slot, token }) => [slot, token]));
  const tokenOf = (slot: number | undefined) => (slot === undefined ? slot : tokens.get(slot));
  return rows.map(({ slot, body }) =>
    toSpace(organization, readRow(lists.spaces, { body }), {
      creator: tokenOf(creatorOf(slot)) ?? tokenOf(owners.get(slot)) ?? standIn,
      owner: tokenOf(owners.get(slot)),
    }),
  );
}

/** One space as the REST API shows it. */
export async function showSpace(
  store: Store,
  organization: Organization,
  row: StoredRow,
): Promise<Space> {
  const [shown] = await showSpaces(store, organization, [row]);
  return shown as Space;
}
