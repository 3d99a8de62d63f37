import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { getAnswersWithinDays } from '../organizations/settings-store.ts';
import { type Access, mayReach } from '../spaces/space-access.ts';
import { type AnswerState, answerStateOf } from './answering.ts';
import type { Inventories } from './inventories.ts';
import type { InventoryReport, InventorySpace } from './inventory.ts';
import { listLastDueTimes } from './inventory-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** So long a run that a schedule started may take before the report is said to be late. */
const SCHEDULE_GRACE_MS = 60 * 60 * 1000;

/** A report that was called. */
export type CalledReport = InventoryReport & {
  state: AnswerState;
  ownerLeft: boolean;
  /** Stands for the SQL that it shares with another report; undefined where it shares none. */
  sharedSql: string | undefined;
};

export type RollCall = {
  /** The rule: for how many days a success counts without a schedule. */
  answersWithinDays: number;
  /** In the order of the reports list. */
  reports: CalledReport[];
  spaces: ReadonlyMap<number, InventorySpace>;
};

/** By what a report is said to answer. */
export type Rule = {
  answersWithinDays: number;
  stateOf: (report: InventoryReport) => AnswerState;
};

export async function readRule(
  { database, clock }: { database: Database; clock: Clock },
  organizationId: number,
): Promise<Rule> {
  const nowMs = clock();
  const answersWithinDays = await getAnswersWithinDays(database, organizationId);
  const recentSince = wireTime(nowMs - answersWithinDays * DAY_MS);
  const dueBefore = wireTime(nowMs - SCHEDULE_GRACE_MS);
  const lastDue = await listLastDueTimes(database, organizationId, dueBefore);
  const stateOf = (report: InventoryReport) =>
    answerStateOf(report, lastDue.get(report.slot) ?? recentSince);
  return { answersWithinDays, stateOf };
}

/** Says of every report in sight whether it answers, and what else there is to look after. */
export async function callRoll(
  parts: { database: Database; inventories: Inventories; clock: Clock },
  organizationId: number,
  access: Access,
): Promise<RollCall> {
  const { answersWithinDays, stateOf } = await readRule(parts, organizationId);
  const inventory = await parts.inventories.get(organizationId);
  const inSight = inventory.reports.filter((report) => mayReach(access, report));
  const shared = sharedSql(inSight, inventory.fingerprints);
  const reports = inSight.map((report) => ({
    ...report,
    state: stateOf(report),
    ownerLeft:
      report.creatorEmail !== null &&
      !inventory.activeEmails.has(report.creatorEmail.toLowerCase()),
    sharedSql: shared.get(report.slot),
  }));
  return { answersWithinDays, reports, spaces: inventory.spaces };
}

/** The SQL that reports share, by their slots; of several the first. */
function sharedSql(
  reports: readonly InventoryReport[],
  fingerprints: Iterable<{ report: number; fingerprint: string }>,
): Map<number, string> {
  const slots = new Set(reports.map(({ slot }) => slot));
  /** The first report that has it. */
  const firstWith = new Map<string, number>();
  const shared = new Map<number, string>();
  const note = (report: number, fingerprint: string) => {
    if (!shared.has(report)) shared.set(report, fingerprint);
  };
  for (const { report, fingerprint } of fingerprints) {
    if (!slots.has(report)) continue;
    const first = firstWith.get(fingerprint);
    if (first === undefined) {
      firstWith.set(fingerprint, report);
    } else if (first !== report) {
      note(first, fingerprint);
      note(report, fingerprint);
    }
  }
  return shared;
}
