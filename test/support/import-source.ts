import type { ImportSource } from '../../src/import/import-inventory.ts';
import { WHOLE } from '../../src/import/source-list.ts';
import { type List, lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { reportRow } from './rows.ts';

/**
 * A source with a space, and reports with a query each. All names end with the version, so that one can see whether what
 * is there is all of one version.
 */
export function sourceOf({
  version,
  from,
  to,
  isPersonal = false,
}: {
  version: string;
  from: number;
  to: number;
  isPersonal?: boolean;
}): ImportSource {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const space = {
    ...{ id: 1, token: 'space', name: `Space ${version}` },
    space_type: isPersonal ? 'private' : 'custom',
  };
  const name = (number: number) => `Thing ${number} ${version}`;
  const reports = numbers.map((number) =>
    reportRow(number, { name: name(number), space_id: 1, space_token: 'space' }),
  );
  const queries = numbers.map((number) => ({
    ...{ id: number, token: `query-${number}`, name: name(number) },
    report_id: number,
    report_token: reportRow(number).token,
  }));
  const stats = numbers.map((number) => ({
    report_id: number,
    report_token: reportRow(number).token,
    editors_emails: [name(number)],
  }));
  return {
    sourceName: 'there',
    lists: [
      wholeList(lists.spaces, [space]),
      wholeList(lists.reports, reports),
      wholeList(lists.report_stats, stats),
      wholeList(lists.queries, queries),
    ],
  };
}

function wholeList(list: List, rows: readonly GivenRow[]): ImportSource['lists'][number] {
  return {
    ...{ list, proof: WHOLE, includesPersonal: true, count: undefined },
    rows: () => rows.map((row, index) => ({ row, where: `${list.name}, row ${index + 1}` })),
  };
}
