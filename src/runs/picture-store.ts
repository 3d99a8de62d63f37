import type { Store } from '../database/database.ts';
import type { BriefQueryRun, Lease, Run } from './run.ts';
import type { RunChart } from './run-charts.ts';

/** The charts of a run as they were when it was asked for; undefined for a run from before they were kept. */
export async function findChartsOfRun(
  store: Store,
  organizationId: number,
  { number }: Pick<Run, 'number'>,
): Promise<RunChart[] | undefined> {
  const row = await store.get<{ charts: string | null }>(
    'select charts from runs where organization_id = ? and number = ?',
    [organizationId, number],
  );
  return row?.charts ? (JSON.parse(row.charts) as RunChart[]) : undefined;
}

/** A picture by the mark of its chart's look: JSON. Undefined where it was not made, or its result has expired. */
export async function findPicture(
  store: Store,
  organizationId: number,
  { runNumber, position, attempt }: Pick<BriefQueryRun, 'runNumber' | 'position' | 'attempt'>,
  look: string,
): Promise<string | undefined> {
  const row = await store.get<{ picture: string }>(
    `select picture from pictures
     where organization_id = ? and run_number = ? and position = ? and attempt = ? and look = ?`,
    [organizationId, runNumber, position, attempt, look],
  );
  return row?.picture;
}

/** Keeps pictures of the result of a query, by the marks of their looks. One that is there already stays. */
export async function insertPictures(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  position: number,
  pictures: ReadonlyMap<string, string>,
): Promise<void> {
  await store.runEach(
    `insert into pictures (organization_id, run_number, position, attempt, look, picture) values (?, ?, ?, ?, ?, ?)
     on conflict do nothing`,
    [...pictures].map(([look, picture]) => [
      organizationId,
      runNumber,
      position,
      attempt,
      look,
      picture,
    ]),
  );
}
