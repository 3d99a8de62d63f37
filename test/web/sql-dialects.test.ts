import { expect, test } from 'vitest';
import { dialectOf, quotedName, quotedTable } from '../../web/src/editor/sql-dialects.ts';

test.each([
  ['jdbc:duckdb', 'sales', 'sales'],
  ['jdbc:duckdb', 'daily.sales', '"daily.sales"'],
  ['jdbc:sqlite', 'a "b"', '"a ""b"""'],
  ['jdbc:mysql', 'a`b', '`a``b`'],
  ['jdbc:postgresql', 'sales', 'sales'],
  ['jdbc:postgresql', 'crm.Sales', 'crm."Sales"'],
  ['jdbc:postgresql', 'crm.a.b', 'crm."a.b"'],
] as const)('a table of %s is written as its SQL has it: %s', (adapter, name, written) => {
  expect(quotedTable(name, dialectOf(adapter))).toBe(written);
});

test('names are quoted for a data source that is not known, too', () => {
  expect(quotedName('Sales', dialectOf(undefined))).toBe('"Sales"');
  expect(quotedName('Sales', dialectOf('jdbc:newer' as 'jdbc:duckdb'))).toBe('"Sales"');
});
