import { type Static, Type } from 'typebox';
import type { Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { type Paging, singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { listOpenedSpaces } from './opened-space-store.ts';
import type { Access } from './space-access.ts';
import { spaceFilter } from './space-filter.ts';
import { type ListedSpace, listSpaces } from './space-store.ts';

/** So many are ahead of the others in the order of their last use: what one page shows. */
const MOST_RECENT = 30;

/** Which spaces somebody asks for, and in which order. */
export type SpaceQuestion = Static<typeof spaceQuestionSchema>;

export const spaceQuestionSchema = Type.Object({
  filter: Type.Optional(
    Type.String({
      description: 'Which spaces: `all`, `custom` or `mine`.',
      examples: ['all'],
    }),
  ),
  q: Type.Optional(
    Type.String({
      description: 'Words that the name contains, in any order.',
      examples: ['fin'],
    }),
  ),
  order_by: Type.Optional(
    Type.Literal('recent', {
      description:
        'Your personal space first, then the spaces where you last opened a report, then the others, oldest first.',
    }),
  ),
});

/** @throws ApiError bad_request, which names the parameter. */
export function readSpaceQuestion(query: QueryString): SpaceQuestion {
  const filter = query.get('filter')?.at(-1); // crawlers send what other servers take
  const q = singleValue(query, 'q', 'words');
  const order = singleValue(query, 'order_by', '"recent"');
  if (order !== undefined && order !== 'recent') {
    throw new ApiError(
      'bad_request',
      `order_by is ${quoted(order)}; it must be "recent".`,
      'Omit order_by to list the oldest first.',
    );
  }
  return {
    ...(filter !== undefined && { filter }),
    ...(q !== undefined && { q }),
    ...(order && { order_by: order }),
  };
}

/** A page of the spaces that are asked for, and how many there are in all. */
export async function findSpaces(
  store: Store,
  organizationId: number,
  access: Access,
  { filter, q, order_by: order }: SpaceQuestion,
  { page, perPage }: Paging,
): Promise<{ rows: ListedSpace[]; total: number }> {
  const first = order === 'recent' ? await recentSpaces(store, organizationId, access) : [];
  const listed = { filter: spaceFilter(access, filter), first };
  const range = { offset: (page - 1) * perPage, limit: perPage };
  const words = folded(q ?? '').match(/\S+/g);
  if (words === null) return listSpaces(store, organizationId, listed, range);
  // Names stand in the rows alone. Of spaces there are few enough to look at each.
  const { rows } = await listSpaces(store, organizationId, listed);
  const found = rows.filter(({ body }) => {
    const name = folded(readRow(lists.spaces, { body }).name ?? '');
    return words.every((word) => name.includes(word));
  });
  return { rows: found.slice(range.offset, range.offset + range.limit), total: found.length };
}

async function recentSpaces(
  store: Store,
  organizationId: number,
  { ownSpace, memberSlot }: Access,
): Promise<number[]> {
  const opened =
    memberSlot === null
      ? []
      : await listOpenedSpaces(store, organizationId, memberSlot, MOST_RECENT);
  return [...new Set([...(ownSpace === undefined ? [] : [ownSpace]), ...opened])];
}

/** Without what makes no difference to who looks for a name: case and accents. */
const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
