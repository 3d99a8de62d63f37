import { expect, onTestFinished, test } from 'vitest';
import { StoreBusyError } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { readChanges } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { purgeEveryOrganization } from '../../src/organizations/purge-removed.ts';
import { expireRuns } from '../../src/runs/expire-runs.ts';
import { claimRun, LEASE_MS, recoverLostRuns } from '../../src/runs/run-queue.ts';
import { startDueRuns } from '../../src/schedules/start-due.ts';
import { newRow } from '../support/changes.ts';
import { enqueue, makeFiles, makeReport, makeWorker, putRun } from '../support/runs.ts';
import { putSchedule } from '../support/schedules.ts';
import { templates } from '../support/templates.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeOrganization, openWorkplace, temporaryFolder } from '../support/workplace.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Two organizations, and a store that does not wait long for what is held; the first one comes first everywhere. */
async function openPlace() {
  const workplace = await openWorkplace();
  await workplace.server.close(); // which would do the same work
  const { database, config, time } = workplace;
  const acme = await makeOrganization(database, 'acme');
  const rival = await makeOrganization(database, 'rival');
  const impatient = openPostgres(config.databaseUrl as string, { waitMs: 100 });
  onTestFinished(() => impatient.close());
  const runsOf = ({ id }: Organization) =>
    database.all<{ state: string; expiredAt: string | null }>(
      'select state, expired_at as "expiredAt" from runs where organization_id = ?',
      [id],
    );
  /** Does work while somebody holds all that the first organization has. */
  const whileAcmeIsHeld = (work: () => Promise<unknown>) =>
    database.transaction(async (store) => {
      await store.run('update organizations set position = position where id = ?', [acme.id]);
      await store.run('update runs set state = state where organization_id = ?', [acme.id]);
      await expect(work()).rejects.toThrow(StoreBusyError);
    });
  const clock = () => time.nowMs;
  return { ...workplace, acme, rival, impatient, runsOf, whileAcmeIsHeld, clock };
}

test('an import into one organization kept the schedules of all others from starting', async () => {
  const { database, acme, rival, impatient, runsOf, whileAcmeIsHeld, clock } = await openPlace();
  const ofAcme = await makeReport(database, acme, null, ['select 1']);
  const ofRival = await makeReport(database, rival, null, ['select 1']);
  // More than are read at once, and longer overdue.
  for (let count = 0; count < 25; count++) {
    const nextAt = '2026-11-23T11:00:00.000Z';
    await putSchedule(database, acme, { reportSlot: ofAcme.slot, nextAt });
  }
  await putSchedule(database, rival, { reportSlot: ofRival.slot, nextAt: NOW });
  const parts = {
    ...{ database: impatient, clock, identifiers: randomIdentifiers, templates, mostWaiting: 100 },
    onStarted: () => undefined,
    onFailure: (error: Error) => {
      throw error;
    },
  };
  await whileAcmeIsHeld(() => startDueRuns(parts));
  expect([(await runsOf(acme)).length, (await runsOf(rival)).length]).toEqual([0, 1]);
  await startDueRuns(parts);
  expect((await runsOf(acme)).length).toBeGreaterThan(0);
});

test('an import into one organization kept the lost runs of all others where they were', async () => {
  const { database, time, acme, rival, impatient, runsOf, whileAcmeIsHeld, clock } =
    await openPlace();
  for (const organization of [acme, rival]) {
    const report = await makeReport(database, organization, null, ['select 1']);
    await enqueue({ database, time }, organization, report);
    await claimRun(database, { clock, mostRunning: 1 });
  }
  time.nowMs += LEASE_MS + 1;
  await whileAcmeIsHeld(() => recoverLostRuns(impatient, time.nowMs));
  const states = async () => [(await runsOf(acme))[0]?.state, (await runsOf(rival))[0]?.state];
  expect(await states()).toEqual(['running', 'waiting']);
  await recoverLostRuns(impatient, time.nowMs);
  expect(await states()).toEqual(['waiting', 'waiting']);
});

test('a worker that waited for an organization to recover its runs lost its own', async () => {
  const place = await openPlace();
  const { database, config, time, acme, rival, clock } = place;
  const lost = await makeReport(database, acme, null, ['select 1']);
  await enqueue(place, acme, lost);
  await claimRun(database, { clock, mostRunning: 1 });
  time.nowMs += LEASE_MS + 1;
  const filesDir = temporaryFolder();
  const source = await makeFiles(database, rival, filesDir);
  const endless = 'select sum(a.range * b.range) from range(10000000) a, range(10000000) b';
  const report = await makeReport(database, rival, source, [endless]);
  await enqueue(place, rival, report);
  const patient = openPostgres(config.databaseUrl as string, { waitMs: 20_000 });
  onTestFinished(() => patient.close());
  const worker = makeWorker({ database: patient, time }, filesDir, { stopMs: 0 });
  const leasedUntil = async () => {
    const leases = 'select state, leased_until as "until" from runs where organization_id = ?';
    const [run] = await database.all<{ state: string; until: string }>(leases, [rival.id]);
    return run?.state === 'running' ? Date.parse(run.until) : undefined;
  };
  await database.transaction(async (store) => {
    await store.run('update organizations set position = position where id = ?', [acme.id]);
    worker.start();
    await waitFor(async () => expect(await leasedUntil()).toBeDefined());
    time.nowMs += LEASE_MS / 2;
    const renewed = time.nowMs + LEASE_MS;
    await waitFor(async () => expect(await leasedUntil()).toBe(renewed));
  });
  await worker.stop();
});

test('an import into one organization kept what all others had removed from being forgotten', async () => {
  const { database, acme, rival, impatient, whileAcmeIsHeld } = await openPlace();
  for (const { id } of [acme, rival]) {
    await database.transaction((store) =>
      changeRows(store, id, async (writer) =>
        writer.remove(lists.charts, await writer.insert(lists.charts, [newRow(lists.charts)]), 0),
      ),
    );
  }
  const parts = { database: impatient, clock: () => 91 * DAY_MS, keepDays: 90 };
  await whileAcmeIsHeld(() => purgeEveryOrganization(parts));
  const remembered = async ({ id }: Organization) => {
    const { batch } = await readChanges(database, id, { view: 'all', after: undefined, limit: 9 });
    return batch.changes.length;
  };
  expect([await remembered(acme), await remembered(rival)]).toEqual([1, 0]);
});

test('a run that is held kept the results of all other organizations from being deleted', async () => {
  const { database, acme, rival, impatient, runsOf, whileAcmeIsHeld, clock } = await openPlace();
  for (const organization of [acme, rival]) {
    const { slot } = await makeReport(database, organization, null, ['select 1']);
    await putRun(database, organization, { slot, state: 'succeeded' });
  }
  const keep = { keepResultsDays: 1, keepRunsDays: 365 };
  await whileAcmeIsHeld(() => expireRuns({ database: impatient, clock, ...keep }));
  const expiredAt = async (organization: Organization) =>
    (await runsOf(organization))[0]?.expiredAt;
  expect([await expiredAt(acme), await expiredAt(rival)]).toEqual([null, NOW]);
});
