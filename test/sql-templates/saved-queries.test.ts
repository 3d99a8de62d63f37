import { expect, test } from 'vitest';
import { kinds } from '../../src/data-sources/kinds.ts';
import { effectiveParameters } from '../../src/sql-templates/parameters.ts';
import { parseTemplate, renderQuery } from '../../src/sql-templates/query-template.ts';
import { savedRows, unpackWorkspace } from '../support/saved-workspace.ts';

test('every saved query is read, and rendered with the default of its form', () => {
  const { folder, facts } = unpackWorkspace();
  const queries = savedRows(folder, 'queries').map((row) => String(row.raw_query));
  expect(queries.length).toBe(facts.queries);
  for (const query of queries) {
    const template = parseTemplate(query);
    const parameters = effectiveParameters([template], {});
    expect(parameters).toEqual({ start_date: '2026-01-01' });
    for (const { dialect } of Object.values(kinds)) {
      const { sql, values } = renderQuery(template, parameters, { dialect });
      expect(values).toEqual(['2026-01-01']);
      expect(sql).toMatch(/>= (?:\$1|\?)/);
      expect(sql).not.toMatch(/[{}]|'(?:\$1|\?)'/);
    }
  }
});
