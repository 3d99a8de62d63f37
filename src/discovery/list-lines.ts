import { Readable } from 'node:stream';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { asksFor } from '../http/accept.ts';
import { endLineOf } from '../inventory/end-line.ts';
import type { List, View } from '../inventory/lists.ts';
import { findFirstSlot } from '../inventory/row-store.ts';
import type { OrganizationNow } from '../organizations/organization.ts';
import type { ListFiles } from './list-files.ts';

export const LINES_TYPE = 'application/x-ndjson';

type Wanted = {
  organization: OrganizationNow;
  list: List;
  view: View;
  /** Token of the row after which to go on, which may have been removed; undefined for the whole list. */
  after: string | undefined;
  /** Whether a last line says how many rows the list has: a proxy may pass a stream on that was cut off as if it were whole. */
  withEnd: boolean;
};

/** Whether an Accept header asks for rows as lines, by name: what takes everything gets pages. */
export function wantsLines(accept: string | undefined): boolean {
  return asksFor(accept, LINES_TYPE);
}

/**
 * A whole list from one snapshot, one row a line, at a memory that does not grow with it. Answers the position of the
 * snapshot, too.
 *
 * @throws ApiError bad_request where there is no row to go on after.
 */
export async function listLines(
  { database, listFiles }: { database: Database; listFiles: ListFiles },
  { organization, list, view, after, withEnd }: Wanted,
): Promise<{ lines: Readable; position: number }> {
  const slot = after === undefined ? 0 : await slotOf(database, organization.id, list, after);
  return listFiles.read(organization, list, view, (file, position) => {
    const rows = file.lines(file.rankAfter(slot));
    const end = { list: list.name, rows: file.count, includesPersonal: view === 'all' };
    const lines = withEnd ? followedBy(rows, endLineOf(end)) : rows;
    return { lines: Readable.from(lines, { objectMode: false }), position };
  });
}

function* followedBy(rows: Iterable<Buffer>, end: string): Generator<Buffer, void, undefined> {
  yield* rows;
  yield Buffer.from(end);
}

async function slotOf(
  database: Database,
  organizationId: number,
  list: List,
  token: string,
): Promise<number> {
  const slot = await findFirstSlot(database, organizationId, list, token);
  if (slot !== undefined) return slot;
  throw new ApiError(
    'bad_request',
    `after is ${quoted(token)}, which is not the ${list.tokenField} of a row of ${list.name}, nor of a remembered deletion.`,
    'It may have been deleted long ago. Resume after an earlier row, or omit after to begin again.',
  );
}
