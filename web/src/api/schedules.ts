import { useQuery } from '@tanstack/react-query';
import type { NewReportSchedule, ReportSchedules } from '../../../src/schedules/schedule-schema.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';
import { refreshReport, reportKey } from './reports.ts';

export type Schedule = ReportSchedules['_embedded']['report_schedules'][number];
/** When it runs, as it is sent. */
export type Timing = NewReportSchedule['report_schedule']['cron'];

/** What the server takes at most. */
const MOST_PER_PAGE = 100;

/** Every schedule of the organization that the reader may see. */
export function useAllSchedules(organization: string) {
  return useQuery({
    queryKey: ['schedules', organization],
    queryFn: async ({ signal }) => {
      const schedules: Schedule[] = [];
      for (let page = 1, pages = 1; page <= pages; page++) {
        const list = await call('GET /api/:organization/schedules', {
          params: { organization },
          query: { page, per_page: MOST_PER_PAGE },
          signal,
        });
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
      const params = { organization, token: report };
      const path = 'GET /api/:organization/reports/:token/schedules';
      return (await call(path, { params, signal }))._embedded.report_schedules;
    },
  });
}

async function refresh(organization: string, report: string): Promise<void> {
  await refreshReport(organization, report);
  await queryClient.invalidateQueries({ queryKey: ['schedules', organization] });
}

export async function createSchedule(organization: string, report: string, cron: Timing) {
  await call('POST /api/:organization/reports/:token/schedules', {
    params: { organization, token: report },
    body: { report_schedule: { cron } },
  });
  await refresh(organization, report);
}

export async function changeSchedule(
  organization: string,
  { report_token: report, token }: Schedule,
  change: { paused: boolean } | { cron: Timing },
) {
  await call('PATCH /api/:organization/reports/:token/schedules/:schedule', {
    params: { organization, token: report, schedule: token },
    body: { report_schedule: change },
  });
  await refresh(organization, report);
}

export async function takeOver(organization: string, schedule: Schedule) {
  const { report_token: report, token } = schedule;
  const params = { organization, token: report, schedule: token };
  await call('POST /api/:organization/reports/:token/schedules/:schedule/take_over', { params });
  await refresh(organization, report);
}

export async function deleteSchedule(organization: string, schedule: Schedule) {
  const { report_token: report, token } = schedule;
  const params = { organization, token: report, schedule: token };
  await call('DELETE /api/:organization/reports/:token/schedules/:schedule', { params });
  await refresh(organization, report);
}
