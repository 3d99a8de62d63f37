import { wireTime, wireTimeInSeconds } from '../clock.ts';
import type { Store } from '../database/database.ts';
import { lists, type Row } from '../inventory/lists.ts';
import { patchRow } from '../inventory/patch-row.ts';
import { readRow } from '../inventory/row.ts';
import { listChildren, type StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { findMemberBySlot } from '../members/member-store.ts';
import { type EndState, endStates, type Run, type RunState, shownState } from './run.ts';
import { findRun } from './run-store.ts';

/** How many people a report is said to have been run by. */
const MOST_RUNNERS = 20;

type RunnersField = 'recent_manual_run_creators_emails' | 'scheduled_run_creators_emails';

/** Says in the Discovery lists that a run begins: in its report's row, in how the report is used, and of who runs it. */
export async function recordStart(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  run: Run,
  nowMs: number,
): Promise<void> {
  const now = wireTime(nowMs);
  await patchReport(store, organizationId, writer, run, () => ({
    last_run_at: now,
    last_run_token: run.token,
    last_run_state: shownState('running'),
    updated_at: now,
  }));
  if (run.memberSlot === null) return;
  const member = await findMemberBySlot(store, organizationId, run.memberSlot);
  if (member === undefined) return;
  if (run.scheduleNumber !== null) {
    const field = 'scheduled_run_creators_emails';
    return putFirst(store, organizationId, writer, run, field, member.email);
  }
  const field = 'recent_manual_run_creators_emails';
  await putFirst(store, organizationId, writer, run, field, member.email);
  const runner = { list: lists.members, slot: member.slot };
  await patchRow(store, organizationId, writer, runner, () => ({
    last_report_run_at: wireTimeInSeconds(nowMs),
  }));
}

/** Says in its report's row how a run ended, unless a later run has begun since. */
export async function recordEnd(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  run: Run,
  state: EndState,
  nowMs: number,
): Promise<void> {
  const now = wireTime(nowMs);
  await patchReport(store, organizationId, writer, run, (row) => ({
    ...(row.last_run_token === run.token ? { last_run_state: state, updated_at: now } : {}),
    ...(state === 'succeeded' ? { last_successfully_run_at: now, updated_at: now } : {}),
  }));
}

/** Says in the row of a report that was away how its last run ended, if that was meanwhile. */
export async function recordEndMeanwhile(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  report: StoredRow,
): Promise<void> {
  const { last_run_token: token, last_run_state: state } = readRow(lists.reports, report);
  if (token === null || state !== shownState('running')) return;
  const run = await findRun(store, organizationId, token);
  if (run === undefined || run.endedAt === null || !isEnd(run.state)) return;
  await recordEnd(store, organizationId, writer, run, run.state, Date.parse(run.endedAt));
}

const isEnd = (state: RunState): state is EndState =>
  (endStates as readonly RunState[]).includes(state);

function patchReport(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  { reportSlot: slot }: Run,
  patch: (row: Row<'reports'>) => Partial<Row<'reports'>>,
): Promise<void> {
  return patchRow(store, organizationId, writer, { list: lists.reports, slot }, patch);
}

/** Puts somebody first among those who ran a report. An import may have brought no row that says so. */
async function putFirst(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  { reportSlot }: Run,
  field: RunnersField,
  email: string,
): Promise<void> {
  const list = lists.report_stats;
  const children = await listChildren(store, organizationId, [reportSlot]);
  const stats = children.find((child) => child.list === list);
  if (stats === undefined) return;
  await patchRow(store, organizationId, writer, { list, slot: stats.slot }, (row) => {
    const emails = row[field];
    if (emails[0] === email) return {};
    return { [field]: [email, ...emails.filter((one) => one !== email)].slice(0, MOST_RUNNERS) };
  });
}
