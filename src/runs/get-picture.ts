import type { Picture } from '../charts/picture.ts';
import { limitConcurrencyEach } from '../data-sources/limit-concurrency.ts';
import { QueryError } from '../data-sources/query-error.ts';
import type { Database } from '../database/database.ts';
import { noResults, type ResultParts, withResultFile } from './get-result.ts';
import { lookMark } from './looks.ts';
import { findPicture, insertPictures } from './picture-store.ts';
import { type BriefQueryRun, cutOf } from './run.ts';
import type { RunChart } from './run-charts.ts';
import { findPreview } from './run-store.ts';

/** Others wait for their turn: each takes a process, and the disk that a result lies on meanwhile. */
const AT_ONCE = 2;

type PictureParts = ResultParts & { database: Database };

/**
 * Gets pictures of kept results: those that were made while a report ran, and others at the first look, which are kept
 * then. Several who look at once have it made once.
 */
export function pictureMaker(parts: PictureParts) {
  const turnsOf = limitConcurrencyEach(AT_ONCE);
  const inWork = new Map<string, Promise<string>>();
  /** JSON of the picture. @throws ApiError not_found where the result has expired. */
  return async (
    organizationId: number,
    queryRun: BriefQueryRun,
    chart: Pick<RunChart, 'type' | 'spec'>,
  ): Promise<string> => {
    const look = lookMark(chart);
    const kept = await findPicture(parts.database, organizationId, queryRun, look);
    if (kept !== undefined) return kept;
    const key = JSON.stringify([organizationId, queryRun.runNumber, queryRun.position, look]);
    const inTurn = turnsOf(organizationId);
    const made =
      inWork.get(key) ??
      inTurn(() => makePicture(parts, organizationId, queryRun, { chart, look })).finally(() =>
        inWork.delete(key),
      );
    inWork.set(key, made);
    return made;
  };
}

async function makePicture(
  parts: PictureParts,
  organizationId: number,
  queryRun: BriefQueryRun,
  { chart: { type, spec }, look }: { chart: Pick<RunChart, 'type' | 'spec'>; look: string },
): Promise<string> {
  const { result, runNumber, attempt, position } = queryRun;
  if (result === null || attempt === null) throw noResults();
  try {
    const [picture] = await withResultFile(parts, organizationId, queryRun, (file) =>
      parts.queryProcesses.draw(file, [{ type, spec }], { cut: cutOf(result) }),
    );
    if (picture === undefined) throw new Error('A chart has a picture.');
    await parts.database.transaction(async (store) => {
      // What has expired meanwhile is not brought back.
      if ((await findPreview(store, organizationId, queryRun)) === null) return;
      await insertPictures(
        store,
        organizationId,
        { runNumber, attempt },
        position,
        new Map([[look, picture]]),
      );
    });
    return picture;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return JSON.stringify(refused(error));
  }
}

/** Not kept: it may go well another time. */
function refused({ code, message }: QueryError): Picture {
  const tooMuch = code === 'time_limit' || code === 'memory_limit';
  const reason = tooMuch
    ? 'Drawing this chart takes more time or memory than allowed: choose fewer columns, or group its values in the query.'
    : `The chart could not be drawn: ${message}`;
  return { kind: 'refused', reason, notes: [] };
}
