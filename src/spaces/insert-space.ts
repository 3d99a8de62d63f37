import { type Clock, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { toBytes, toRow } from '../inventory/row.ts';
import { saveRowDetails } from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import type { Organization } from '../organizations/organization.ts';

/** Puts a space at the end of the list. */
export async function insertSpace(
  store: Store,
  writer: RowWriter,
  organization: Organization,
  space: {
    name: string;
    description: string | null;
    type: 'custom' | 'private';
    creatorSlot: number | null;
  },
  { clock, identifiers }: { clock: Clock; identifiers: Identifiers },
): Promise<StoredRow> {
  const id = writer.nextOwnId();
  const token = identifiers.token();
  const row = toRow(lists.spaces, {
    id,
    token,
    name: space.name,
    description: space.description,
    space_type: space.type,
    space_url: `/api/${organization.username}/spaces/${token}`,
  });
  const personal = space.type === 'private';
  const stored = { id, token, parent: null, personal, sourceId: null, body: toBytes(row) };
  const [slot] = (await writer.insert(lists.spaces, [stored])) as [number];
  const createdAt = wireTime(clock());
  await saveRowDetails(store, organization.id, slot, {
    createdAt,
    updatedAt: createdAt,
    creatorSlot: space.creatorSlot,
    content: null,
  });
  return { ...stored, slot, archived: false };
}
