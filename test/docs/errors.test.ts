import { expect, test } from 'vitest';
import { errors } from '../../src/errors.ts';
import { readDocument, tableOf } from '../support/documents.ts';

test('the document on errors has every error with its status and meaning, and what to do', () => {
  const rows = tableOf(readDocument('docs/errors.md'));
  expect(rows.map((cells) => cells.slice(0, 3))).toEqual(
    Object.entries(errors).map(([id, { status, meaning }]) => [`${status}`, id, meaning]),
  );
  for (const [, id, , whatToDo] of rows) expect(whatToDo, id).toBeTruthy();
});
