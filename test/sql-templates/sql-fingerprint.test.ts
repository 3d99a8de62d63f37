import { expect, test } from 'vitest';
import { sqlFingerprint } from '../../src/sql-templates/sql-fingerprint.ts';

const original = 'SELECT city, count(*)\nFROM "Cities" WHERE name = \'Bern\' GROUP BY 1';

test.each([
  'select city,count( * ) from "Cities" where name=\'Bern\' group by 1;',
  '-- by city\nselect city, /* all */ count(*) from "Cities" where name = \'Bern\' group by 1 -- end',
])('is the same for %j', (sql) => {
  expect(sqlFingerprint(sql)).toBe(sqlFingerprint(original));
});

test.each([
  original.replace('Bern', 'bern'),
  original.replace('Cities', 'cities'),
  original.replace('city', 'ci ty'),
  original.replace('1', '2'),
])('is another for %j', (sql) => {
  expect(sqlFingerprint(sql)).not.toBe(sqlFingerprint(original));
});

test.each(['', ' \n', '-- nothing\n;', '/* nor here */'])('is none for %j', (sql) => {
  expect(sqlFingerprint(sql)).toBeUndefined();
});
