import type { Row } from '../inventory/lists.ts';
import type { EndState, Run } from './run.ts';

const endStates: Readonly<Record<string, EndState>> = {
  succeeded: 'succeeded',
  completed: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** No run that is kept has this number. */
export const NOT_KEPT = 0;

/**
 * The last run of a report as far as its row tells of it, where the run itself is not kept: a source ran it, or it was
 * deleted after its time. Undefined where the row tells of none that has ended.
 */
export function runOfRow(reportSlot: number, row: Row<'reports'>): Run | undefined {
  const state = endStates[row.last_run_state ?? ''];
  const endedAt =
    (state === 'succeeded' ? row.last_successfully_run_at : null) ??
    row.last_run_at ??
    row.updated_at ??
    row.created_at;
  if (row.last_run_token === null || state === undefined || endedAt === null) return undefined;
  const startedAt = row.last_run_at ?? endedAt;
  return {
    number: NOT_KEPT,
    token: row.last_run_token,
    reportSlot,
    memberSlot: null,
    scheduleNumber: null,
    scheduleToken: null,
    state,
    parameters: {},
    formFields: [],
    createdAt: startedAt,
    updatedAt: endedAt,
    startedAt,
    endedAt,
    isDefault: false,
    attempt: 1,
    timesLost: 0,
    expiredAt: null,
  };
}
