import { expect, test } from 'vitest';
import { flagOf, type OptionName, options } from '../../src/config.ts';
import { readDocument, tableOf } from '../support/documents.ts';

test('the document on configuration has every option with its variable, flag, default and meaning', () => {
  const names = Object.keys(options) as OptionName[];
  expect(tableOf(readDocument('docs/configuration.md'))).toEqual(
    names.map((name) => {
      const { variable, default: otherwise, help, secret } = options[name];
      return [variable, secret ? 'none' : flagOf(name), otherwise || 'none', help];
    }),
  );
});

test.each(Object.entries(options))(
  '%s is what commander calls the flag of its variable',
  (name, { variable }) => {
    const words = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
    expect(variable).toBe(`ROLLCALL_${words.toUpperCase()}`);
  },
);

test('no document names a variable that there is not', () => {
  const known = new Set<string>(Object.values(options).map(({ variable }) => variable));
  for (const path of ['docs/configuration.md', 'docs/discovery-api.md', 'docs/compatibility.md']) {
    for (const [variable] of readDocument(path).matchAll(/ROLLCALL_[A-Z_]+/g)) {
      expect(known, path).toContain(variable);
    }
  }
});
