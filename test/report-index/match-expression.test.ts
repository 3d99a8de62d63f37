import { expect, test } from 'vitest';
import { matchExpression } from '../../src/report-index/match-expression.ts';

test.each([
  ['weekly rev', '"weekly" AND "rev" *'],
  ['  Weekly\trev\n', '"Weekly" AND "rev" *'],
  ['crm.closed_deals', '"crm.closed_deals" *'],
  ['a "b c" OR d*', '"a" AND " b" AND "c " AND "OR" AND "d*" *'],
  ['name:x NEAR(a, 2)', '"name:x" AND "NEAR(a," AND "2)" *'],
  ['-- % "', undefined],
  ['', undefined],
  ['a\0b', '"a" AND "b" *'],
])('%j', (typed, expression) => {
  expect(matchExpression(typed)).toBe(expression);
});
