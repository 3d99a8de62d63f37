import { type Change, changeInBulk, type Outcome } from '../api/bulk-changes.ts';
import { told } from '../api/client.ts';
import { say } from '../parts/toast.tsx';
import { words } from '../words.ts';
import { manageWords as texts } from './manage-words.ts';

/**
 * Changes reports and says what became of it, with the way back.
 *
 * @param done what is said where all was done, if it is not how many reports were changed.
 * @returns what is still to be changed.
 * @throws what kept all of it from being done.
 */
export async function changeReports(
  organization: string,
  changes: readonly Change[],
  done?: string,
): Promise<readonly Change[]> {
  const { changed, refused, undo, left } = await changeInBulk(organization, changes);
  if (left?.changes.length === changes.length) throw left.failure;
  if (changes.length === 1 && refused) throw new Error(refused.why);
  const isAll = refused === undefined && left === undefined;
  const said = isAll && done ? done : [texts.done(changed, refused), ...saidLeft(left)].join('. ');
  const takeThisBack = () => void takeBack(organization, undo);
  say(said, undo.length > 0 ? { label: words.undo, act: takeThisBack } : undefined);
  return left?.changes ?? [];
}

async function takeBack(organization: string, changes: readonly Change[]): Promise<void> {
  const { changed, refused, left } = await changeInBulk(organization, changes);
  if (left === undefined) return say(refused ? texts.done(changed, refused) : texts.undone);
  const again = () => void takeBack(organization, left.changes);
  say(saidLeft(left).join(), { label: words.undo, act: again });
}

/** What is said of those that were not reached. */
function saidLeft(left: Outcome['left']): string[] {
  return left ? [texts.stopped(left.changes.length, told(left.failure).message)] : [];
}
