import type { RollcallClient } from '../client/index.ts';
import { lists } from '../inventory/lists.ts';
import { readStaged, StagedList } from './staged-list.ts';

/**
 * Adds a row to the staged spaces for each personal space that reports name and the source does not list: some
 * servers list shared spaces only. Such a space is personal when none of its reports is in the list without
 * personal spaces. The others are shared and left to the import, which makes what is missing.
 */
export async function stagePersonalSpaces(
  client: RollcallClient,
  {
    folder,
    stagedBytes,
    signal,
  }: { folder: string; stagedBytes: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const listed = new Set<unknown>();
  for await (const { token } of readStaged(folder, lists.spaces)) listed.add(token);
  const unlisted = new Map<unknown, object>();
  for await (const { space_id: id, space_token: token } of readStaged(folder, lists.reports)) {
    if (typeof token !== 'string' || listed.has(token)) continue;
    unlisted.set(token, { id, token, space_type: 'private' });
  }
  if (unlisted.size === 0) return;
  for await (const { space_token: token } of client.reports({ signal })) unlisted.delete(token);
  if (unlisted.size === 0) return;
  const spaces = new StagedList(folder, lists.spaces, stagedBytes);
  try {
    spaces.append([...unlisted.values()]);
  } finally {
    spaces.close();
  }
}
