import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circles, graphOf, readSources, type SourceFile } from './support/imports.ts';

const files = readSources('src');
const web = readSources('web/src');

/** The room that a file lies in; none where it lies at the root. */
const roomOf = (path: string) => (path.includes('/') ? path.split('/')[0] : undefined);

/** The files at the root that every room may import: they stand for no subject. */
const isGround = (path: string) => /^[a-z-]+\.ts$/.test(path) && !composition.has(path);

/** Where rooms are joined. */
const composition = new Set([
  'server.ts',
  'routes.ts',
  'open-runner.ts',
  'create-worker-server.ts',
  'hourly-work.ts',
]);

const isStore = (path: string) => path.endsWith('-store.ts');
const isRoute = (path: string) => path.endsWith('-routes.ts');

/** Loaded by the program that runs users' SQL, and by nothing else. What is known of a kind beside its engine is for all. */
const isInQueryProcess = (path: string) =>
  /^data-sources\/(process|engines|results|pictures|rows)\//.test(path) &&
  !/\/(connection|dialect|connection-fields)\.ts$/.test(path);

/** What a file imports of ours. */
const ours = ({ imports }: SourceFile) => imports.filter(({ to }) => /\.tsx?$/.test(to));

describe('nothing hangs in a circle', () => {
  const sources = [
    ['src', files],
    ['web/src', web],
  ] as const;

  test.each(sources)('of files, types included, in %s', (_root, all) => {
    expect(circles(graphOf(all, (path) => path, { withTypes: true }))).toEqual([]);
  });

  test.each(sources)('of rooms in %s', (_root, all) => {
    expect(circles(graphOf(all, roomOf, { withTypes: false }))).toEqual([]);
  });

  test.each(sources)('of folders in one room in %s', (_root, all) => {
    const folderOf = (path: string) => (path.split('/').length > 2 ? dirname(path) : undefined);
    expect(circles(graphOf(all, folderOf, { withTypes: false }))).toEqual([]);
  });

  test('and a circle would be found', () => {
    const arrows = { a: ['b'], b: ['c'], c: ['b'], d: ['d'] };
    const graph = new Map(Object.entries(arrows).map(([from, to]) => [from, new Set(to)]));
    expect(circles(graph)).toEqual([['b', 'c'], ['d']]);
  });

  test('and every kind of import is seen', () => {
    const of = (path: string) => files.find((file) => file.path === path)?.imports;
    expect(of('oidc/oidc-of-config.ts')).toContainEqual({
      to: 'oidc/oidc-provider.ts',
      isType: false,
    });
    expect(of('oidc/oidc-of-config.ts')).toContainEqual({ to: 'config.ts', isType: true });
    expect(of('server.ts')).toContainEqual({ to: 'routes.ts', isType: false });
  });
});

describe('a room that others stand on imports', () => {
  const mayImport: Record<string, (path: string, isType: boolean) => boolean> = {
    client: (to, isType) => roomOf(to) === 'client' || isType, // types are erased in what is published
    database: (to) => roomOf(to) === 'database' || isGround(to),
    'list-file': (to) => roomOf(to) === 'list-file' || isGround(to),
    'sql-templates': (to) =>
      roomOf(to) === 'sql-templates' ||
      ['errors.ts', 'clock.ts', 'text.ts', 'exact-number.ts'].includes(to),
    inventory: (to) => ['inventory', 'database'].includes(String(roomOf(to))) || isGround(to),
    http: (to) => ['http', 'database'].includes(String(roomOf(to))) || isGround(to),
    charts: (to) => ['charts', 'http'].includes(String(roomOf(to))) || isGround(to),
  };

  test.each(Object.keys(mayImport))('no subject: %s', (room) => {
    const own = files.filter(({ path }) => roomOf(path) === room);
    expect(own.length).toBeGreaterThan(0);
    for (const file of own) {
      const wrong = ours(file).filter(({ to, isType }) => !mayImport[room]?.(to, isType));
      expect(wrong, file.path).toEqual([]);
    }
  });

  test('no code of others, in the content of reports, which pages compare and merge too', () => {
    const own = files.filter(({ path }) => path.startsWith('reports/content/'));
    expect(own.length).toBeGreaterThan(0);
    for (const file of own) {
      const code = file.imports.filter(({ isType }) => !isType).map(({ to }) => to);
      expect(
        code.filter((to) => !to.startsWith('reports/content/')),
        file.path,
      ).toEqual([]);
    }
  });

  test('nothing of Node, in the client, which runs in browsers too', () => {
    for (const file of files.filter(({ path }) => roomOf(path) === 'client'))
      expect(
        file.imports.map(({ to }) => to).filter((to) => to.startsWith('node:')),
        file.path,
      ).toEqual([]);
  });
});

test('rooms are joined in few places, and those are imported by the command line alone', () => {
  for (const file of files) {
    const joined = ours(file).filter(({ to }) => composition.has(to));
    if (joined.length > 0)
      expect(file.path).toSatisfy(
        (path: string) => composition.has(path) || path.startsWith('cli/'),
      );
  }
  const server = readFileSync(new URL('../src/server.ts', import.meta.url), 'utf8');
  expect(server.split('\n').length).toBeLessThan(120);
});

test('the pages in web/ take types from the server, and code from what is written for them too; pages take none of each other', () => {
  for (const file of web) {
    const outside = file.imports.filter(({ to, isType }) => to.startsWith('../') && !isType);
    for (const { to } of outside)
      expect(to, file.path).toMatch(/^\.\.\/\.\.\/src\/(client|charts|reports\/content)\//);
    const page = /^pages\/[^/]+\//.exec(file.path)?.[0];
    if (page === undefined) continue;
    const others = ours(file).filter(
      ({ to }) => to.startsWith('frame/') || (to.startsWith('pages/') && !to.startsWith(page)),
    );
    expect(others, file.path).toEqual([]);
  }
});

test('stores know nothing of HTTP', () => {
  for (const file of files.filter(({ path }) => isStore(path))) {
    const wrong = ours(file).filter(({ to }) => isRoute(to) || roomOf(to) === 'http');
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
    const engines = file.imports.filter(({ to }) => /^(@duckdb|mysql2|pg-cursor)/.test(to));
    if (engines.some(({ isType }) => !isType)) expect(file.path).toSatisfy(isInQueryProcess);
    const imported = ours(file).filter(({ to, isType }) =>
      isInQueryProcess(file.path)
        ? !['data-sources', 'charts'].includes(roomOf(to) ?? '') &&
          !['clock.ts', 'text.ts'].includes(to)
        : isInQueryProcess(to) && !isType,
    );
    expect(imported, file.path).toEqual([]);
  }
});

test('the name of a kind of data source is known to its own folder and to the list of kinds', () => {
  const own = /^data-sources\/(engines\/|kinds\.ts|process\/engines\.ts)/;
  const elsewhere = files
    .filter(({ path }) => !own.test(path) && roomOf(path) !== 'demo')
    .filter(({ text }) =>
      /===? '(duckdb|mysql|postgresql|sqlite)'|case '(duckdb|mysql|postgresql|sqlite)'/.test(text),
    )
    .map(({ path }) => path);
  expect(elsewhere).toEqual([]);
});

test('only the configuration reads the environment, which the command line hands to it', () => {
  const readers = files.filter(({ text }) => text.includes('process.env')).map(({ path }) => path);
  expect(readers).toEqual(['cli/command-line.ts']);
});

test('identifiers and secrets come from one place', () => {
  const random = files
    .filter(({ text }) => /\b(randomBytes|randomUUID|randomInt|getRandomValues)\(/.test(text))
    .map(({ path }) => path);
  expect(random).toEqual(['identifiers.ts']);
});

test('time comes from one place', () => {
  const tellers = files
    .filter(({ text }) => /\bDate\.now\(|\bnew Date\(\)/.test(text))
    .map(({ path }) => path);
  expect(tellers).toEqual(['clock.ts', 'client/exchange.ts']); // the client imports nothing of ours
});

test('files are called by what they hold', () => {
  const drawers = /^(utils?|helpers?|common|shared|lib|managers?|base|misc)$/;
  for (const { path } of [...files, ...web]) {
    const names = path.replace(/(\.d)?\.[a-z]+$/, '').split('/');
    for (const name of names) {
      expect(name, path).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(name, path).not.toMatch(drawers);
    }
  }
});

test('a file of a few lines that one other imports stands for a subject of its own', () => {
  /** Those that do: an entry, an operation, a store, a kind, an engine's part, a search of the router. */
  const subjects =
    /(^cli\/|^pages\/|-store\.ts$|-search\.ts$|\/engines\/\w+\/|\/(engines|failure|error-place)\.ts$|(measure-requests|sql-fingerprint|delete-sign-in|oidc-of-config)\.ts$)/;
  for (const all of [files, web]) {
    for (const { path, text } of all) {
      if (text.split('\n').length > 20 || subjects.test(path)) continue;
      const importers = all.filter((file) => file.imports.some(({ to }) => to === path));
      expect(importers.length, `${path}: fold it into ${importers[0]?.path}`).not.toBe(1);
    }
  }
});

test('what a file is called says what it is', () => {
  for (const { path, text } of files.filter(({ path }) => isRoute(path)))
    expect(text, basename(path)).toMatch(/export function add\w+Routes/);
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
    'listOrganizationIds',
    'createOrganization',
    'renewEpochs',
    'listRunQueues',
    'countUnfinishedRuns',
    'listLostRuns',
    'isMade',
    'findStoreMarks',
    'keepStoreMark',
    'replaceStoreMark',
    'listAllDataSources',
    'listLostImports',
    'analyzeRows',
    'countRowsAfter',
    'getServerNow',
    'isKnownBrowser',
    'saveKnownBrowser',
  ]);
  const signature =
    /export (?:async )?function (\w+)[^(]*\(\s*(?:store: Store|database: Database),?\s*(\w+)?/g;
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
