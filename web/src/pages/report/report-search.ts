/** What stands open beside a report. */
export const panels = ['runs', 'schedule', 'history', 'details', 'api'] as const;
export type Panel = (typeof panels)[number];

/** Which run of the report is shown, and which panel is open; undefined for the last run, and for none. */
export type ReportSearch = { run?: string | undefined; panel?: Panel | undefined };

export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  return {
    run: typeof search.run === 'string' ? search.run : undefined,
    panel: panels.find((panel) => panel === search.panel),
  };
}
