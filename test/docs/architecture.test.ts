import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readDocument } from '../support/documents.ts';

const source = fileURLToPath(new URL('../../src', import.meta.url));

test('docs/architecture.md has a row for each room of src/, and none for another', () => {
  const rooms = globSync('*/', { cwd: source }).map((room) => room.replace(/\/$/, ''));
  const rows = readDocument('docs/architecture.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...row.matchAll(/`src\/([a-z-]+)\/`/g)].map(([, room]) => room),
  );
  expect(rooms.length).toBeGreaterThan(20);
  expect(named.toSorted()).toEqual(rooms.toSorted());
});

test('docs/architecture.md names no file that is not there', () => {
  const files = new Set(globSync('**/*.ts', { cwd: source }));
  const named = [
    ...readDocument('docs/architecture.md').matchAll(/`(?:src\/)?([a-z-]+(?:\/[a-z-]+)*\.ts)`/g),
  ].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(20);
  const generic = new Set(['noun.ts', 'noun-store.ts', 'noun-routes.ts', 'noun-schema.ts']);
  const missing = named.filter(
    (path) =>
      !generic.has(path) && ![...files].some((file) => file === path || file.endsWith(`/${path}`)),
  );
  expect(missing.filter((path) => !path.startsWith('test/'))).toEqual([]);
});
