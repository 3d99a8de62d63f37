import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));
const files = globSync('**/*.ts', { cwd: source }).map((path) => ({
  path,
  text: readFileSync(join(source, path), 'utf8'),
}));

/** What a file imports of ours, as paths below src. */
function importsOf({ path, text }: { path: string; text: string }): string[] {
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, to = '']) =>
    relative(source, join(source, dirname(path), to)),
  );
}

const isStore = (path: string) => path.endsWith('-store.ts');
/** The program that runs users' SQL, and the engines that only it loads. */
const isInQueryProcess = (path: string) => /^data-sources\/(process|engines|results)\//.test(path);
const isRoute = (path: string) => path.endsWith('-routes.ts');

test('the client imports nothing of ours', () => {
  for (const file of files.filter(({ path }) => path.startsWith('client/'))) {
    for (const imported of importsOf(file)) expect(imported, file.path).toMatch(/^client\//);
    expect(file.text, file.path).not.toMatch(/from 'node:/);
  }
});

test('stores know nothing of HTTP', () => {
  for (const file of files.filter(({ path }) => isStore(path))) {
    const wrong = importsOf(file).filter(
      (imported) => isRoute(imported) || imported.startsWith('http/'),
    );
    expect(wrong, file.path).toEqual([]);
  }
});

test('our SQL stands in stores, in database/, and in what reads and writes rows', () => {
  const others = new Set(['inventory/row-writer.ts', 'inventory/row-check.ts']);
  /** SQL that is shown or kept, and never run by us. */
  const theirs = new Set(['cli/restore.ts', 'discovery/list-examples.ts', 'generate/sql.ts']);
  const sql = /[`'"]\s*(select|insert into|update|delete from|create table)\s/i;
  const wrong = files
    .filter(({ path }) => !isStore(path) && !path.startsWith('database/'))
    .filter(({ path }) => !others.has(path) && !theirs.has(path))
    // Examples of users' SQL, and the reports of the demo.
    .filter(({ path }) => !path.endsWith('-schema.ts') && !path.startsWith('demo/reports/'))
    .filter(({ path }) => !isInQueryProcess(path)) // on users' data
    .filter(({ text }) => sql.test(text))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});

test('users’ SQL runs in processes of its own: nothing else loads its engines, or is loaded by them', () => {
  for (const file of files) {
    if (/from '(@duckdb|mysql2|pg-cursor)/.test(file.text))
      expect(file.path).toSatisfy(isInQueryProcess);
    const imported = importsOf(file).filter((path) =>
      isInQueryProcess(file.path) ? !path.startsWith('data-sources/') : isInQueryProcess(path),
    );
    expect(imported, file.path).toEqual([]);
  }
});

test('only the configuration reads the environment, which the command line hands to it', () => {
  const readers = files.filter(({ text }) => text.includes('process.env')).map(({ path }) => path);
  expect(readers).toEqual(['cli/command-line.ts']);
});

test('identifiers and secrets come from one place', () => {
  const random = files.filter(({ text }) => text.includes('randomBytes(')).map(({ path }) => path);
  expect(random).toEqual(['identifiers.ts']);
});

test('a method that reads or lists an organization’s things takes its number first', () => {
  /** What finds the organization, or is about all of them for the command line and the server's own work alone. */
  const exceptions = new Set([
    'listDueSchedules',
    'findTokenHolder',
    'findSessionHolder',
    'findSignInCandidates',
    'findLinkHolder',
    'findOidcMembers',
    'countTry',
    'uncountTry',
    'forgetTries',
    'findOrganization',
    'listOrganizations',
    'createOrganization',
    'renewEpochs',
    'listRunQueues',
    'countUnfinishedRuns',
    'listLostRuns',
  ]);
  const signature = /export async function (\w+)[^(]*\(\s*queries: Queries,?\s*(\w+)?/g;
  const methods = files
    .filter(({ path }) => isStore(path) && !path.startsWith('move/'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(signature)].map(([, name = '', second]) => ({ path, name, second })),
    )
    .filter(({ name }) => !exceptions.has(name));
  expect(methods.length).toBeGreaterThan(20);
  for (const { path, name, second } of methods)
    expect(second, `${path}: ${name}`).toBe('organizationId');
});
