import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { lists, type Row } from '../inventory/lists.ts';
import { patched, readRow } from '../inventory/row.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import { changeOrganization } from '../inventory/row-writer.ts';
import { eachOrganization } from '../organizations/each-organization.ts';
import { type LastUse, listLastUses } from './engaged-days-store.ts';

/** A server that was off for so long misses no day that counts. */
const LOOK_BACK_MS = 7 * DAY_MS;
/** As many as other writers of the organization can wait for. */
const AT_ONCE = 500;

type Days = Pick<
  Row<'members'>,
  'last_day_engaged' | 'last_day_api_engaged' | 'last_day_in_app_engaged'
>;

/** What the members list tells of somebody who does something now, with a token or in the pages. */
export function engagedNow(caller: { inApp?: true }, nowMs: number): Partial<Days> {
  const day = dayOf(wireTime(nowMs));
  return {
    last_day_engaged: day,
    ...(caller.inApp ? { last_day_in_app_engaged: day } : { last_day_api_engaged: day }),
  };
}

/**
 * Brings the days on which members last used the API and the pages into the members list, from what is noted of tokens and
 * sessions anyway: so no request writes to the list, and a row changes once a day at most.
 */
export async function recordEngagedDays(
  { database, clock }: { database: Database; clock: Clock },
  isStopped: () => boolean,
): Promise<void> {
  const since = dayOf(wireTime(clock() - LOOK_BACK_MS));
  await eachOrganization(database, isStopped, async (id) => {
    const uses = await listLastUses(database, id, since);
    for (let from = 0; from < uses.length && !isStopped(); from += AT_ONCE) {
      await recordUses(database, id, uses.slice(from, from + AT_ONCE));
    }
  });
}

async function recordUses(
  database: Database,
  organizationId: number,
  uses: readonly LastUse[],
): Promise<void> {
  const bySlot = new Map(uses.map((use) => [use.slot, use]));
  const find = (store: Store) =>
    findRows(store, organizationId, lists.members, 'slot', [...bySlot.keys()]);
  const changesOf = (stored: StoredRow) => {
    const use = bySlot.get(stored.slot);
    return use ? newDays(readRow(lists.members, stored), use) : {};
  };
  const isLate = (stored: StoredRow) => Object.keys(changesOf(stored)).length > 0;
  // Nobody waits for a writer that has nothing to write.
  if (!(await find(database)).some(isLate)) return;
  await changeOrganization(database, organizationId, async (store, writer) => {
    const late = (await find(store)).filter(isLate);
    await writer.update(
      lists.members,
      late.map((stored) => ({
        ...stored,
        body: patched(lists.members, stored.body, changesOf(stored)),
      })),
    );
  });
}

/** The days that are later than those that the row has. */
function newDays(row: Row<'members'>, { api, inApp }: LastUse): Partial<Days> {
  const days: Days = {
    last_day_engaged: latest(api, inApp),
    last_day_api_engaged: latest(api),
    last_day_in_app_engaged: latest(inApp),
  };
  const later = Object.entries(days).filter(
    ([name, day]) => day !== null && day > (row[name as keyof Days] ?? ''),
  );
  return Object.fromEntries(later);
}

const latest = (...times: (string | null)[]): string | null =>
  times
    .flatMap((time) => (time === null ? [] : [dayOf(time)]))
    .toSorted()
    .at(-1) ?? null;

const dayOf = (time: string) => time.slice(0, 10);
