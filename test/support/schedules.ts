import type { Database } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { insertSchedule, type Schedule } from '../../src/schedules/schedule-store.ts';

let lastNumber = 0;

/** Puts a schedule beside a report as it is: every five minutes unless it says otherwise. */
export async function putSchedule(
  database: Database,
  { id }: Organization,
  more: Pick<Schedule, 'reportSlot' | 'nextAt'> & Partial<Schedule>,
): Promise<Schedule> {
  const schedule: Schedule = {
    number: ++lastNumber,
    token: randomIdentifiers.token(),
    name: null,
    timing: { frequency: 'cron', cron: '*/5 * * * *', timeZone: 'UTC' },
    parameters: {},
    creatorSlot: null,
    creatorEmail: null,
    ownerRemoved: false,
    stoppedAt: null,
    lastScheduledAt: null,
    refusedAt: null,
    refusal: null,
    lastRunAt: null,
    lastSucceededAt: null,
    lastFailure: null,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    ...more,
  };
  await insertSchedule(database, id, schedule);
  return schedule;
}
