import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { openSignedIn } from '../support/open-web.ts';

/** What the list may cost whoever opens it for the first time, in bytes of script as they are sent. */
const BUDGET = 156_000;

const built = new URL('../../dist/web/', import.meta.url);

/** The compressed size of a script and of everything that it imports before it runs. */
function sizeWithImports(name: string, seen = new Set<string>()): number {
  if (seen.has(name)) return 0;
  seen.add(name);
  const script = readFileSync(new URL(`assets/${name}`, built), 'utf8');
  const imports = script.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g);
  const own = readFileSync(new URL(`assets/${name}.br`, built)).length;
  return [...imports].reduce((sum, [, other = '']) => sum + sizeWithImports(other, seen), own);
}

test('the scripts of the list are small', () => {
  const page = readFileSync(new URL('index.html', built), 'utf8');
  const [, entry = ''] = /<script[^>]* src="\.\/assets\/([^"]+)"/.exec(page) ?? [];
  expect(sizeWithImports(entry)).toBeGreaterThan(30_000);
  expect(sizeWithImports(entry)).toBeLessThanOrEqual(BUDGET);
});

testWith('chromium')('the list opens without the editor and the charts', async () => {
  const { page, open } = await openSignedIn('first-load@acme.example');
  const loaded = new Set<string>();
  page.on('response', (answer) => {
    if (answer.request().resourceType() === 'script') loaded.add(basename(answer.url()));
  });
  await open('/acme');
  await page.getByRole('main').getByRole('link').first().waitFor();
  const size = (name: string) => readFileSync(new URL(`assets/${name}.br`, built)).length;
  const sum = [...loaded].reduce((all, name) => all + size(name), 0);
  expect(sum).toBeGreaterThan(30_000);
  expect(sum).toBeLessThanOrEqual(BUDGET);
});
