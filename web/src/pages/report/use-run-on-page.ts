import { useState } from 'react';
import { type Run, useRun, useRuns } from '../../api/runs.ts';

/** The place of the last run on a full page of them; there may be more. */
const LAST = 29;

/**
 * Which run the page is about, and whose results it shows meanwhile.
 *
 * That is the run that the address names, or else the newest of those that schedules started or that have the defaults of
 * the form: what others run with other values changes nothing here. While it is under way, the results that were on the
 * page stay, and at first those of the report's default run.
 */
export function useRunOnPage(organization: string, report: string, chosen: string | undefined) {
  const { data: runs } = useRuns(organization, report);
  const { data: named } = useRun(organization, report, chosen);
  // Where nothing can have succeeded, the server need not be asked what did.
  const isPossible = runs?.some(({ state }, index) => state === 'succeeded' || index === LAST);
  const asked = useRun(organization, report, isPossible ? 'default' : undefined);
  const usual = isPossible === false ? null : asked.data;
  const newest = runs?.find((run) => run.is_default_run);
  const current = (chosen === undefined ? (newest ?? usual) : named) ?? undefined;
  const ended = runs?.find(({ state }) => state === 'failed');
  const wanted = chosen === undefined ? (usual ?? (usual === null ? ended : undefined)) : named;

  const [last, setLast] = useState<Run>();
  const isReady = wanted && wanted.state !== 'enqueued';
  if (isReady && wanted !== last) setLast(wanted);
  const shown = (isReady ? wanted : (last ?? usual)) ?? undefined;
  return { runs, current, shown, isGone: chosen !== undefined && named === null };
}
