import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { auditActions } from '../../web/src/pages/settings/audit-words.ts';

test('the pages have words for every action of the audit log, and for no other', () => {
  const kinds = new Set(Object.keys(auditActions).map((action) => action.split('.')[0]));
  const recorded = globSync('src/**/*.ts')
    .flatMap((file) => readFileSync(file, 'utf8').match(/(?<=')[a-z_]+\.[a-z_]+(?=')/g) ?? [])
    .filter((text) => kinds.has(text.split('.')[0]));
  const ofTokens = ['api_token', 'signature_token'].flatMap((kind) => [
    `${kind}.made`,
    `${kind}.revoked`,
  ]);
  expect(Object.keys(auditActions).toSorted()).toEqual(
    [...new Set([...recorded, ...ofTokens])].toSorted(),
  );
});
