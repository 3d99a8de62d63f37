import { expect, test } from 'vitest';
import {
  factsSql,
  kindOf,
  toFacts,
} from '../../src/data-sources/engines/duckdb/text-files/column-facts.ts';
import { checkOf, typeOf } from '../../src/data-sources/engines/duckdb/text-files/column-type.ts';
import { literal, openDuckdb } from '../../src/data-sources/results/duckdb.ts';

const CHARACTERS = [...'019 -+.:/T\teZ\'"_٣'];

/** A text with each of its characters taken out, and each of the characters put in anywhere, also both. */
function beside(text: string): Set<string> {
  const shorter = Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1));
  const withOneMore = (of: string) =>
    Array.from({ length: of.length + 1 }, (_, at) =>
      CHARACTERS.map((character) => of.slice(0, at) + character + of.slice(at)),
    ).flat();
  return new Set([...shorter, ...withOneMore(text), ...shorter.flatMap(withOneMore)]);
}

/** The narrowest type of a text alone may be narrower than that of its column. */
function fits(narrowest: string, type: string): boolean {
  const scaleOf = (of: string) => Number(/^DECIMAL\(18,(\d+)\)$/.exec(of)?.[1] ?? Number.NaN);
  if (type === 'TIMESTAMP' && narrowest === 'DATE') return true;
  if (type.startsWith('DECIMAL') && narrowest === 'BIGINT') return true;
  return narrowest === type || scaleOf(narrowest) <= scaleOf(type);
}

test.each([
  ['DATE', '2024-02-29'],
  ['DATE', '0001-12-31'],
  ['TIMESTAMP', '2024-01-01 01:00:00'],
  ['TIMESTAMP', '2024-12-31T23:59:59'],
  ['BIGINT', '-10'],
  ['BIGINT', '123456789012345678'],
  ['DECIMAL(18,2)', '-0.5'],
  ['DECIMAL(18,2)', '1234567890123.45'],
  ['DECIMAL(18,6)', '123456789012.123456'],
  ['BOOLEAN', 'true'],
])('a column of %s is checked for no less than it takes to be one: %s', async (type, text) => {
  const duckdb = await openDuckdb();
  const texts = [...beside(text)].filter((one) => one !== '').map((one) => `(${literal(one)})`);
  const read = await duckdb.runAndReadAll(
    `SELECT v, ${factsSql('v', 'k').join(', ')}
     FROM (SELECT v, ${kindOf('v')} AS k FROM (VALUES ${texts.join(', ')}) texts(v)
           WHERE ${checkOf({ type }, 'v')}) GROUP BY v`,
  );
  const passed = read
    .getRowsJson()
    .map(([one, ...facts]) => [String(one), typeOf(toFacts(facts)).type] as const);
  expect(passed.length).toBeGreaterThan(0);
  expect(passed.filter(([, narrowest]) => !fits(narrowest, type))).toEqual([]);
  duckdb.closeSync();
});
