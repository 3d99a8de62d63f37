import type { Caller } from '../callers/authenticate.ts';
import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { findRowByToken, type StoredRow } from '../inventory/row-store.ts';
import { findOwnSpace } from './space-owner-store.ts';

/**
 * What a caller may see and change: the one place that decides it. An admin everything; a member what lies in shared
 * spaces and in the member's own personal space. What somebody may not see is answered as if it were not there.
 */
export type Access = {
  isAdmin: boolean;
  /** The slot of the caller; null for a credential that belongs to nobody. */
  memberSlot: number | null;
  /** The slot of the caller's personal space, if there is one. */
  ownSpace: number | undefined;
};

export async function accessOf(
  store: Store,
  organizationId: number,
  { member }: Pick<Caller, 'member'>,
): Promise<Access> {
  return {
    isAdmin: member?.role === 'admin',
    memberSlot: member?.slot ?? null,
    ownSpace: member ? await findOwnSpace(store, organizationId, member.slot) : undefined,
  };
}

/** Whether the caller can see, and so change, what is in a space. */
export function canSee(
  { isAdmin, ownSpace }: Pick<Access, 'isAdmin' | 'ownSpace'>,
  { personal, space }: { personal: boolean; space: number | null },
): boolean {
  return isAdmin || !personal || (space !== null && space === ownSpace);
}

/** The same for stores, which look through many at once: everything, or what is shared and what lies in one space. */
export type Reach = 'all' | { ownSpace: number | undefined };

export function reachOf({ isAdmin, ownSpace }: Access): Reach {
  return isAdmin ? 'all' : { ownSpace };
}

/** @throws ApiError not_found where there is no such space, or the caller may not see it. */
export async function getSpaceRow(
  store: Store,
  organizationId: number,
  access: Access,
  token: string,
): Promise<StoredRow> {
  const row = await findRowByToken(store, organizationId, lists.spaces, token);
  if (row && canSee(access, { personal: row.personal, space: row.slot })) return row;
  throw notFound('space');
}

/**
 * Lets through who may change a space itself: an admin, who made it, and whose it is.
 *
 * @param space one that the caller may see.
 * @throws ApiError forbidden
 */
export function requireSpaceChange(
  { isAdmin, memberSlot, ownSpace }: Access,
  space: StoredRow,
  creatorSlot: number | null,
): void {
  const isMaker = memberSlot !== null && memberSlot === creatorSlot;
  if (isAdmin || isMaker || space.slot === ownSpace) return;
  throw new ApiError(
    'forbidden',
    'Only admins and the creator of the space can do this.',
    'Ask one of them.',
  );
}

/** @throws ApiError not_found where there is no such report, or the caller may not see it. */
export async function getReportRow(
  store: Store,
  organizationId: number,
  access: Access,
  token: string,
): Promise<StoredRow> {
  const row = await findReportRow(store, organizationId, access, token);
  if (row) return row;
  throw notFound('report');
}

/** The same report, or undefined. */
export async function findReportRow(
  store: Store,
  organizationId: number,
  access: Access,
  token: string,
): Promise<StoredRow | undefined> {
  const row = await findRowByToken(store, organizationId, lists.reports, token);
  return row && canSee(access, { personal: row.personal, space: row.parent }) ? row : undefined;
}

/**
 * Lets through who may put a report out of others' sight: an admin, who made it, and in whose personal space it lies.
 *
 * @param report one that the caller may see.
 * @throws ApiError forbidden
 */
export function requireReportOwner(
  { isAdmin, memberSlot, ownSpace }: Access,
  report: StoredRow,
  creatorSlot: number | null,
): void {
  const isMaker = memberSlot !== null && memberSlot === creatorSlot;
  if (isAdmin || isMaker || (ownSpace !== undefined && report.parent === ownSpace)) return;
  throw new ApiError(
    'forbidden',
    'Only admins and the owner of the report can do this.',
    'Ask one of them.',
  );
}

/** @param what in the words of Mode, whose clients look for `report not found` in the text of an error. */
export function notFound(what: string): ApiError {
  return new ApiError(
    'not_found',
    `${what} not found`,
    'It may have been deleted, or is in another member’s personal space.',
  );
}
