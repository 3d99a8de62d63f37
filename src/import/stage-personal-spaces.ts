import type { RollcallClient } from '../client/index.ts';
import { lists } from '../inventory/lists.ts';
import { readStaged, StagedList } from './staged-list.ts';

/**
 * Adds a row to the staged spaces for each personal space that reports name and the source does not list: some
 * servers list shared spaces only. Such a space is personal when none of its reports is in the list without
 * personal spaces. The others are shared and left to the import, which makes what is missing.
 *
 * @returns the token of one of the others: the source's list of spaces lacks it. Undefined where there is none.
 */
export async function stagePersonalSpaces(
  client: RollcallClient,
  {
    folder,
    stagedBytes,
    signal,
  }: { folder: string; stagedBytes: number; signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  const listed = new Set<unknown>();
  for await (const { token } of readStaged(folder, lists.spaces)) listed.add(token);
  const unlisted = new Map<string, object>();
  for await (const { space_id: id, space_token: token } of readStaged(folder, lists.reports)) {
    if (typeof token !== 'string' || listed.has(token)) continue;
    unlisted.set(token, { id, token, space_type: 'private' });
  }
  if (unlisted.size === 0) return undefined;
  let shared: string | undefined;
  for await (const { space_token: token } of client.reports({ signal })) {
    if (token !== null && unlisted.delete(token)) shared ??= token;
  }
  if (unlisted.size === 0) return shared;
  const spaces = new StagedList(folder, lists.spaces, stagedBytes);
  try {
    spaces.append([...unlisted.values()]);
  } finally {
    spaces.close();
  }
  return shared;
}
