import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ownAddress } from '../base-path.ts';
import { api, queryClient } from './client.ts';
import { ASK_AGAIN_MS, isReading, type Reading, untilRead } from './reading.ts';

/** Whether a report answers, and if not, why. */
export type Answer = 'answering' | 'failing' | 'stale' | 'never_ran';

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

export type Counts = { reports: number; answering: number } & Record<ListName, number>;

/** Reports in three columns; of `states` there is a letter for each. */
export type Cells = { tokens: string[]; names: (string | null)[]; states: string };

export type RollCallSpace = Counts & {
  token: string | null;
  name: string | null;
  personal: boolean;
  cells: Cells;
};

export type RollCall = Counts & {
  answers_within_days: number;
  spaces: RollCallSpace[];
  cells_left_out: number;
};

export type CalledReport = {
  token: string;
  name: string | null;
  state: Answer;
  creator_email: string | null;
  owner_left: boolean;
  space_token: string | null;
  space_name: string | null;
  last_successfully_run_at: string | null;
  last_viewed_at: string | null;
  same_sql: string | null;
};

export type Day = Counts & { day: string };

type List = { _embedded: { reports: CalledReport[] }; pagination: { total_count: number } };

export const PER_PAGE = 50;
const MOST_PER_PAGE = 100;

const keyOf = (organization: string) => ['roll-call', organization];
const pathOf = (organization: string) => `/api/${organization}/roll_call`;

/** The roll call; until everything is read, how far that is. */
export function useRollCall(organization: string) {
  return useQuery({
    queryKey: keyOf(organization),
    queryFn: ({ signal }) => api.get<RollCall | Reading>(pathOf(organization), { signal }),
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
): Promise<List> {
  const options = signal ? { query, signal } : { query };
  for (;;) {
    const answer = await api.get<List | Reading>(`${pathOf(organization)}/${list}`, options);
    if (!isReading(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

export function csvAddress(organization: string, list?: ListName): string {
  return ownAddress(`${pathOf(organization)}${list ? `/${list}` : ''}?format=csv`);
}

export function useTrend(organization: string) {
  return useQuery({
    queryKey: [...keyOf(organization), 'trend'],
    queryFn: async ({ signal }) => {
      type Days = { _embedded: { days: Day[] } };
      return (await api.get<Days>(`${pathOf(organization)}/trend`, { signal }))._embedded.days;
    },
  });
}

/** For how many days the last success of a report without a schedule counts. */
export async function changeRule(organization: string, days: number): Promise<void> {
  const settings = { answers_within_days: days };
  await api.send('PATCH', `/api/${organization}/settings`, { settings });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}
