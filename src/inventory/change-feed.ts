import { ApiError, quoted } from '../errors.ts';
import type { List } from './lists.ts';

/**
 * Where somebody stands who follows the changes of an organization. Numbers of changes mean something within one epoch
 * only.
 *
 * Who begins with nothing gets every row that there is, those that changed longest ago first, and was never told of
 * what had gone before. So nothing is missing at a position below `startedAt`, which was the last change then, even
 * where removals up to there are no longer known.
 */
export type FeedPosition = { epoch: string; position: number; startedAt: number };

/** An organization as a batch of changes found it: its epoch, its last change, and up to which removals are forgotten. */
export type FeedHead = { epoch: string; position: number; oldestChange: number };

/** What became of one row: its bytes, or null where it is gone. `place` is its slot. */
export type FeedChange = {
  list: List;
  place: number;
  id: number;
  token: string;
  body: Uint8Array | null;
};

/** Changes that belong together in an answer, and where the next one goes on. */
export type ChangeBatch = { changes: FeedChange[]; next: FeedPosition; more: boolean };

const CURSOR = /^([0-9a-f]{1,64})-(0|[1-9]\d{0,15})(?:-([1-9]\d{0,15}))?$/;

/** The cursor of whoever holds everything up to this change of the organization. */
export function cursorOf({ epoch }: { epoch: string }, position: number): string {
  return formatCursor({ epoch, position, startedAt: position });
}

export function formatCursor({ epoch, position, startedAt }: FeedPosition): string {
  return startedAt > position ? `${epoch}-${position}-${startedAt}` : `${epoch}-${position}`;
}

/** @throws ApiError bad_request where no server gave this as a cursor. */
export function parseCursor(text: string): FeedPosition {
  const match = CURSOR.exec(text);
  if (match === null) {
    throw new ApiError(
      'bad_request',
      `after is ${quoted(text)}; it must be a cursor from an earlier response, in "cursor" or the header Rollcall-Cursor.`,
      'Omit after to begin with the oldest change.',
    );
  }
  const [, epoch = '', position = '', startedAt = position] = match;
  return { epoch, position: Number(position), startedAt: Number(startedAt) };
}

/** @throws ApiError gone where removals after this cursor are no longer known, or it is of another life of the organization. */
export function checkCursor(cursor: FeedPosition, head: FeedHead): void {
  const complete = Math.max(cursor.position, cursor.startedAt);
  const isOfHere = cursor.epoch === head.epoch && complete <= head.position;
  if (isOfHere && complete >= head.oldestChange) return;
  const text = quoted(formatCursor(cursor));
  throw new ApiError(
    'gone',
    isOfHere
      ? `Some deletions after ${text} were purged.`
      : `The cursor ${text} does not match the current state of the organization; the server may have been restored from a backup.`,
    'Crawl all lists again, then continue from the Rollcall-Cursor of the first page; ' +
      'or drop your copy and follow the changes without "after".',
  );
}

const ROW_END = Buffer.from('}');

/** The bytes of an answer. Rows are passed on as they are stored. */
export function batchBody({ changes, next, more }: ChangeBatch): Buffer {
  const parts: Uint8Array[] = [];
  let before = '{"changes":[';
  for (const { list, place, id, token, body } of changes) {
    const start = `${before}{"list":"${list.name}","place":${place}`;
    before = ',';
    if (body) {
      parts.push(Buffer.from(`${start},"row":`), body, ROW_END);
    } else {
      const removed = `${start},"id":${id},"token":${JSON.stringify(token)},"deleted":true}`;
      parts.push(Buffer.from(removed));
    }
  }
  const rest = `],"cursor":"${formatCursor(next)}","more":${more}}`;
  parts.push(Buffer.from(changes.length === 0 ? before + rest : rest));
  return Buffer.concat(parts);
}
