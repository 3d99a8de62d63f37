import { expect } from 'vitest';
import type { Run } from '../../src/runs/run.ts';
import { findRun } from '../../src/runs/run-store.ts';
import { makeFiles, rowOf } from './runs.ts';
import { waitFor } from './wait-for.ts';
import { makeOrganization, openWorkplace, temporaryFolder } from './workplace.ts';

/** Computes for minutes. */
export const ENDLESS = 'select sum(a.range * b.range) from range(10000000) a, range(10000000) b';

/** An organization whose files workers of a test read, which the server does not: it runs nothing. */
export async function openWithFiles() {
  const workplace = await openWorkplace();
  const { database, time } = workplace;
  const acme = await makeOrganization(database);
  const filesDir = temporaryFolder();
  const source = await makeFiles(database, acme, filesDir);
  const clock = () => time.nowMs;
  const found = async (run: Run) => (await findRun(database, acme.id, run.token)) as Run;
  const ended = (run: Run) =>
    waitFor(async () => {
      const now = await found(run);
      expect(now.endedAt).not.toBeNull();
      return now;
    });
  return { ...workplace, acme, filesDir, source, clock, found, ended };
}

/** The row of a report in its Discovery list. */
export const reportRowOf = async (
  { database, acme }: Awaited<ReturnType<typeof openWithFiles>>,
  slot: number,
) => rowOf(database, acme, 'reports', 'slot', slot);
