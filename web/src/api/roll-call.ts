import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  RollCall,
  RollCallDays,
  RollCallReports,
} from '../../../src/roll-call/roll-call-schema.ts';
import { ownAddress } from '../base-path.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';
import { ASK_AGAIN_MS, isReading, untilRead } from './reading.ts';

/** What to look after, each a part of the reports. */
export const lists = [
  'failing',
  'stale',
  'never_ran',
  'never_viewed',
  'owner_left',
  'duplicates',
] as const;
export type ListName = (typeof lists)[number];

export type { RollCall };
export type RollCallSpace = RollCall['spaces'][number];
/** Reports in three columns; of `states` there is a letter for each. */
export type Cells = RollCallSpace['cells'];
export type CalledReport = RollCallReports['_embedded']['reports'][number];
/** Whether a report answers, and if not, why. */
export type Answer = CalledReport['state'];
export type Day = RollCallDays['_embedded']['days'][number];
export type Counts = Omit<Day, 'day'>;

export const PER_PAGE = 50;
const MOST_PER_PAGE = 100;

const keyOf = (organization: string) => ['roll-call', organization];

/** The roll call; until everything is read, how far that is. */
export function useRollCall(organization: string) {
  return useQuery({
    queryKey: keyOf(organization),
    queryFn: ({ signal }) =>
      call('GET /api/:organization/roll_call', { params: { organization }, signal }),
    ...untilRead,
  });
}

/** A page of a list; until it is there, the one before it. */
export function useRollCallList(organization: string, list: ListName, page: number) {
  return useQuery({
    queryKey: [...keyOf(organization), list, page],
    queryFn: ({ signal }) => readList(organization, list, { page, per_page: PER_PAGE }, signal),
    placeholderData: keepPreviousData,
  });
}

/** The tokens of every report of a list. */
export async function readTokens(organization: string, list: ListName): Promise<string[]> {
  const tokens: string[] = [];
  for (let page = 1, count = 1; tokens.length < count; page++) {
    const { _embedded, pagination } = await readList(organization, list, {
      page,
      per_page: MOST_PER_PAGE,
    });
    if (_embedded.reports.length === 0) break; // some left the list meanwhile
    tokens.push(..._embedded.reports.map(({ token }) => token));
    count = pagination.total_count;
  }
  return tokens;
}

async function readList(
  organization: string,
  list: ListName,
  query: { page: number; per_page: number },
  signal?: AbortSignal,
): Promise<RollCallReports> {
  const params = { organization, list };
  for (;;) {
    const answer = await call('GET /api/:organization/roll_call/:list', { params, query, signal });
    if (!isReading(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

export function csvAddress(organization: string, list?: ListName): string {
  return ownAddress(`/api/${organization}/roll_call${list ? `/${list}` : ''}?format=csv`);
}

export function useTrend(organization: string) {
  return useQuery({
    queryKey: [...keyOf(organization), 'trend'],
    queryFn: async ({ signal }) => {
      const path = 'GET /api/:organization/roll_call/trend';
      return (await call(path, { params: { organization }, signal }))._embedded.days;
    },
  });
}

/** For how many days the last success of a report without a schedule counts. */
export async function changeRule(organization: string, days: number): Promise<void> {
  const body = { settings: { answers_within_days: days } };
  await call('PATCH /api/:organization/settings', { params: { organization }, body });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}
