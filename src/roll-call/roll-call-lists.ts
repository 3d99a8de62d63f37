import type { CalledReport } from './call-roll.ts';

/** What to look after, each a part of the reports. Every report is in one of the first four. */
export const rollCallLists = [
  'answering',
  'failing',
  'stale',
  'never_ran',
  'never_viewed',
  'owner_left',
  'duplicates',
] as const;
export type RollCallList = (typeof rollCallLists)[number];

function isIn(list: RollCallList, report: CalledReport): boolean {
  switch (list) {
    case 'never_viewed':
      return report.lastViewedAt === null;
    case 'owner_left':
      return report.ownerLeft;
    case 'duplicates':
      return report.sharedSql !== undefined;
    default:
      return report.state === list;
  }
}

/** The reports of a list, those first that want attention first. */
export function reportsIn(list: RollCallList, reports: readonly CalledReport[]): CalledReport[] {
  const found = reports.filter((report) => isIn(list, report));
  const order = orders[list];
  return order ? found.sort((a, b) => compare(order(a), order(b)) || a.slot - b.slot) : found;
}

/** By what a list is in order, where that is not the order in which its reports were made. */
const orders: { [List in RollCallList]?: (report: CalledReport) => string } = {
  stale: ({ lastSuccessAt }) => lastSuccessAt ?? '',
  failing: ({ lastSuccessAt }) => lastSuccessAt ?? '',
  duplicates: ({ sharedSql }) => sharedSql ?? '',
};

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export type Counts = { reports: number } & Record<RollCallList, number>;

export function countReports(reports: readonly CalledReport[]): Counts {
  const counts: Counts = {
    reports: reports.length,
    answering: 0,
    failing: 0,
    stale: 0,
    never_ran: 0,
    never_viewed: 0,
    owner_left: 0,
    duplicates: 0,
  };
  for (const report of reports) {
    counts[report.state]++;
    if (isIn('never_viewed', report)) counts.never_viewed++;
    if (isIn('owner_left', report)) counts.owner_left++;
    if (isIn('duplicates', report)) counts.duplicates++;
  }
  return counts;
}
