import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { parseInventoryUrl } from '../../src/import/inventory-url.ts';

test.each([
  ['http://127.0.0.1:4146/batch/acme/reports', 'http://127.0.0.1:4146', 'acme', 'reports'],
  [
    'http://127.0.0.1:4146/batch/acme/report_stats/',
    'http://127.0.0.1:4146',
    'acme',
    'report_stats',
  ],
  ['http://127.0.0.1:4146/batch/acme', 'http://127.0.0.1:4146', 'acme', undefined],
  ['http://127.0.0.1:4146/api/acme/', 'http://127.0.0.1:4146', 'acme', undefined],
  ['https://reports.example.com/acme', 'https://reports.example.com', 'acme', undefined],
  [
    'https://example.com/rollcall/batch/acme/spaces',
    'https://example.com/rollcall',
    'acme',
    'spaces',
  ],
  ['https://example.com/batch/batch', 'https://example.com', 'batch', undefined],
  ['https://example.com/batch/caf%C3%A9', 'https://example.com', 'café', undefined],
])('%s', (text, root, organization, list) => {
  expect(parseInventoryUrl(text)).toEqual({ root, organization, list });
});

test.each([
  ['acme', /http:\/\/ or https:\/\//],
  ['file:///etc/passwd', /http:\/\/ or https:\/\//],
  ['http://127.0.0.1:4146', /does not name an organization/],
  ['http://127.0.0.1:4146/batch/', /does not name an organization/],
  ['http://127.0.0.1:4146/a/b/c', /does not name an organization/],
  ['http://127.0.0.1:4146/batch/acme/secrets', /list "secrets"; the lists are reports, /],
  ['http://127.0.0.1:4146/batch/acme/reports?page=2', /after its path \(\?\.\.\.\)/],
  ['http://me:hunter2@127.0.0.1:4146/acme', /ROLLCALL_BEARER or use --bearer-file/],
])('%s is refused with what is accepted', (text, words) => {
  expect(() => parseInventoryUrl(text)).toThrow(UserError);
  expect(() => parseInventoryUrl(text)).toThrow(words);
  expect(() => parseInventoryUrl(text)).not.toThrow(/hunter2/);
});
