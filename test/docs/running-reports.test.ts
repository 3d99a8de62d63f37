import { expect, test } from 'vitest';
import { runErrors } from '../../src/runs/run-errors.ts';
import { readDocument, sectionOf, tableOf } from '../support/documents.ts';

test('the document on running reports has every reason for which a query fails', () => {
  const section = sectionOf(readDocument('docs/running-reports.md'), '## Why a query fails');
  expect(tableOf(section)).toEqual(Object.entries(runErrors));
});
