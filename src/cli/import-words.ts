import { quoted } from '../errors.ts';
import type { ImportSummary, ListSummary } from '../import/plan-import.ts';
import type { PlannedChange } from '../import/planned-changes.ts';
import type { ListName } from '../inventory/lists.ts';

/** What an import did, a line a list. */
export function describeSummary(summary: ImportSummary): string {
  return entriesOf(summary)
    .map(([name, counts]) => `${name.padEnd(13)} ${words(counts)}`)
    .join('\n');
}

/** A row that an import would change, on a line. */
export function describeChange({ action, list, token, name }: PlannedChange): string {
  const named = name === null ? '' : `  ${quoted(name)}`;
  // A token is the source's: it is not to write lines of its own, or to the terminal.
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(token) ? token : quoted(token);
  return `${action.padEnd(9)}  ${list.padEnd(12)}  ${shown}${named}`;
}

/** How many rows were not deleted because nobody allowed it, and what allows it; undefined where that was all right. */
export function describeRefusal(
  summary: ImportSummary,
  mostDeleted: number | undefined,
): string | undefined {
  const refused = entriesOf(summary).filter(([, counts]) => counts.refused > 0);
  if (refused.length === 0) return undefined;
  const parts = refused.map(([name, counts]) => `${name} (${counts.refused})`);
  const most = Math.max(...refused.map(([, counts]) => counts.refused));
  const allowed =
    mostDeleted === undefined ? 'is allowed without a flag' : `--delete=${mostDeleted} allows`;
  return (
    `Nothing was deleted. The source no longer has rows of ${parts.join(', ')}: more than ${allowed}. ` +
    `Check them with --dry-run; if the source is right, add --delete, or --delete=${most} for at most that many per list.`
  );
}

/** Why rows that a list lacks were kept, for each list that kept some. */
export function describeKept(summary: ImportSummary): string[] {
  return entriesOf(summary)
    .filter(([, { kept }]) => kept > 0)
    .map(([name, { kept, because }]) => {
      const why =
        because ??
        'something here or in the copy still refers to them, or the copy does not show their personal spaces';
      return `${name} (${kept}) missing in the copy were kept: ${why}.`;
    });
}

function entriesOf(summary: ImportSummary): [ListName, ListSummary][] {
  return Object.entries(summary) as [ListName, ListSummary][];
}

function words(counts: ListSummary): string {
  const { added, changed, unchanged, deleted, archived, restored, kept, skipped, made, because } =
    counts;
  const parts = [
    `${added} added`,
    `${changed} changed`,
    `${unchanged} unchanged`,
    `${deleted} deleted`,
  ];
  if (archived > 0) parts.push(`${archived} archived`);
  if (restored > 0) parts.push(`${restored} unarchived`);
  if (made > 0) parts.push(`${made} created for reports`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (kept > 0) parts.push(`${kept} kept`);
  if (because !== undefined && deleted === 0) parts.push(`nothing deleted because ${because}`);
  return parts.join(', ');
}
