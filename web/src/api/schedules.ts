import { useQuery } from '@tanstack/react-query';
import { api, queryClient } from './client.ts';
import { refreshReport, reportKey, reportPath } from './reports.ts';

export type Schedule = {
  token: string;
  name: string | null;
  paused: boolean;
  last_scheduled_run: string | null;
  next_scheduled_run: string | null;
  /** The time for which its last run could not be started, and why; null once one was started since. */
  last_refused_run: string | null;
  last_refusal: string | null;
  /** Why the last of its runs that ended failed. */
  last_failure: string | null;
  frequency: string;
  time_zone: string;
  hour: string | null;
  minute: string | null;
  cron_hour: number | null;
  cron_minute: number | null;
  day_of_week: string | null;
  day_of_month: number | null;
  cron: string | null;
  report_name: string | null;
  report_token: string;
  creator_email: string | null;
};

/** When it runs, as it is sent. */
export type Timing = {
  freq?: string;
  hour?: number;
  minute?: number;
  day_of_week?: string;
  day_of_month?: number;
  cron?: string;
  time_zone: string;
};

type List = {
  _embedded: { report_schedules: Schedule[] };
  pagination: { total_pages: number };
};

/** What the server takes at most. */
const MOST_PER_PAGE = 100;

/** Every schedule of the organization that the reader may see. */
export function useAllSchedules(organization: string) {
  return useQuery({
    queryKey: ['schedules', organization],
    queryFn: async ({ signal }) => {
      const schedules: Schedule[] = [];
      for (let page = 1, pages = 1; page <= pages; page++) {
        const query = { page, per_page: MOST_PER_PAGE };
        const list = await api.get<List>(`/api/${organization}/schedules`, { query, signal });
        schedules.push(...list._embedded.report_schedules);
        pages = list.pagination.total_pages;
      }
      return schedules;
    },
  });
}

/** The schedules of a report. */
export function useSchedules(organization: string, report: string) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'schedules'],
    queryFn: async ({ signal }) => {
      const path = `${reportPath(organization, report)}/schedules`;
      return (await api.get<List>(path, { signal }))._embedded.report_schedules;
    },
  });
}

async function refresh(organization: string, report: string): Promise<void> {
  await refreshReport(organization, report);
  await queryClient.invalidateQueries({ queryKey: ['schedules', organization] });
}

export async function createSchedule(organization: string, report: string, cron: Timing) {
  const path = `${reportPath(organization, report)}/schedules`;
  await api.send('POST', path, { report_schedule: { cron } });
  await refresh(organization, report);
}

export async function setPaused(organization: string, schedule: Schedule, paused: boolean) {
  const { report_token: report, token } = schedule;
  const path = `${reportPath(organization, report)}/schedules/${token}`;
  await api.send('PATCH', path, { report_schedule: { paused } });
  await refresh(organization, report);
}

export async function deleteSchedule(organization: string, schedule: Schedule) {
  const { report_token: report, token } = schedule;
  await api.send('DELETE', `${reportPath(organization, report)}/schedules/${token}`);
  await refresh(organization, report);
}
