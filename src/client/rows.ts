import type { ListName, Row } from '../inventory/lists.ts';

/**
 * The rows of the lists of the Discovery API as they are sent. Times are ISO 8601 in UTC; those of members have
 * no milliseconds. A row of a Rollcall server has every key, null where the value is unknown.
 */
export type Rows = { [Name in ListName]: Row<Name> };

export type Report = Row<'reports'>;
export type ReportStats = Row<'report_stats'>;
export type Space = Row<'spaces'>;
export type Query = Row<'queries'>;
export type Chart = Row<'charts'>;
export type Member = Row<'members'>;

export type { ListName };
