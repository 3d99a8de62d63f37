import type { AnyRow, List, ListName } from '../inventory/lists.ts';
import { lists } from '../inventory/lists.ts';
import { toBytes } from '../inventory/row.ts';
import { type Company, membersAt, spacesAt } from './company.ts';
import { makeReport } from './reports.ts';

/** A generated row, ready to be stored. */
type BatchRow = {
  id: number;
  token: string;
  /** Number of what it belongs to, in the list of its list's parent. */
  parentId: number | null;
  personal: boolean;
  body: Buffer;
};

/** Some reports with all that belongs to them, and the members and spaces that come with them. */
export type Batch = Record<ListName, BatchRow[]> & {
  /** Numbers of its first report, and of the one after its last. */
  from: number;
  to: number;
};

/** The reports from one number up to, but not, another. */
export function makeBatch(company: Company, from: number, to: number): Batch {
  const batch: Batch = {
    from,
    to,
    reports: [],
    report_stats: [],
    spaces: [],
    queries: [],
    charts: [],
    members: [],
  };
  const add = (name: ListName, row: AnyRow, personal: boolean) => {
    const { idField, tokenField, parent }: List = lists[name];
    batch[name].push({
      id: row[idField] as number,
      token: row[tokenField] as string,
      parentId: parent ? (row[parent.idField] as number) : null,
      personal,
      body: toBytes(row),
    });
  };
  for (let number = membersAt(from); number < membersAt(to); number++) {
    add('members', company.member(number).row, false);
  }
  for (let number = spacesAt(from); number < spacesAt(to); number++) {
    const { row } = company.space(number);
    add('spaces', row, row.space_type === 'private');
  }
  for (let number = from; number < to; number++) {
    const { isPersonal, report, stats, queries, charts } = makeReport(company, number);
    add('reports', report, isPersonal);
    add('report_stats', stats, isPersonal);
    for (const query of queries) add('queries', query, isPersonal);
    for (const chart of charts) add('charts', chart, isPersonal);
  }
  return batch;
}
