import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { reportRow } from '../support/rows.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

/** An organization, and a folder to import into it. */
async function openFolder() {
  const dataDir = temporaryFolder();
  const folder = temporaryFolder();
  const create = ['organization', 'create', 'acme', '--name', 'Acme'];
  expect(await runRollcall(create, { dataDir })).toMatchObject({ code: 0 });
  return {
    folder,
    write: (file: string, content: string | Buffer) => writeFileSync(join(folder, file), content),
    run: (from = folder) => runRollcall(['import', '--organization', 'acme', from], { dataDir }),
    async names() {
      const database = await openStore({ dataDir });
      const rows = await database.all<{ body: Uint8Array }>(
        'select body from discovery_rows where list = 1 order by slot',
      );
      await database.close();
      return rows.map(({ body }) => (JSON.parse(String(Buffer.from(body))) as GivenRow).name);
    },
  };
}

const line = (row: GivenRow) => `${JSON.stringify(row)}\n`;
const rows = line(reportRow(1, { name: 'Café 😀' })) + line(reportRow(2, { name: 'a\u2028b' }));
const page = (reports: GivenRow[]) =>
  JSON.stringify({
    pagination: { page: 1, per_page: 9, count: reports.length, total_pages: 1, total_count: 2 },
    reports,
  });
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

test('Latin-1 became U+FFFD: a file that is not UTF-8 is refused with its row', async () => {
  const { write, run, names } = await openFolder();
  write(
    'reports.ndjson',
    Buffer.from(line(reportRow(1)) + line(reportRow(2, { name: 'é' })), 'latin1'),
  );
  const refused = await run();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^rollcall: reports\.ndjson, row 2 is not UTF-8\. .*iconv/m);
  write('reports.ndjson', utf16(rows).subarray(2));
  expect((await run()).stderr).toMatch(/reports\.ndjson, row 1 is not/);
  expect(await names()).toEqual([]);
});

test('a saved page that is not UTF-8 is refused with its line', async () => {
  const { write, run } = await openFolder();
  const text = page([reportRow(1, { name: 'é' }), reportRow(2)]).replace(
    '"reports"',
    '\n\n"reports"',
  );
  write('d.json', Buffer.from(text, 'latin1'));
  expect((await run()).stderr).toMatch(/^rollcall: d\.json, line 3 is not UTF-8\./m);
});

describe('UTF-16, which some systems write by themselves, is read by its byte order mark:', () => {
  const forms: [string, (text: string) => Buffer][] = [
    ['little endian', utf16],
    ['big endian', (text) => utf16(text).swap16()],
    ['and UTF-8 with one', (text) => Buffer.from(`\ufeff${text}`)],
  ];
  test.each(forms)('%s', async (_, encode) => {
    const lines = await openFolder();
    lines.write('reports.ndjson', encode(rows.replaceAll('\n', '\r\n')));
    expect(await lines.run()).toMatchObject({ code: 0 });
    expect(await lines.names()).toEqual(['Café 😀', 'a\u2028b']);
    const pages = await openFolder();
    pages.write('d.json', encode(page([reportRow(1, { name: 'Café 😀' }), reportRow(2)])));
    expect(await pages.run()).toMatchObject({ code: 0 });
    expect(await pages.names()).toEqual(['Café 😀', 'Report 2']);
  });

  test('what only begins like it is refused with its row', async () => {
    const { write, run } = await openFolder();
    write(
      'reports.ndjson',
      Buffer.concat([utf16(line(reportRow(1))), Buffer.from([0x3d, 0xd8, 0x41, 0])]),
    );
    expect((await run()).stderr).toMatch(/reports\.ndjson, row 2 is not UTF-16/);
  });
});

describe('a row is refused with its field:', () => {
  test.each<[string, GivenRow, string]>([
    ['half a character', { name: 'bad \ud800' }, 'name is "bad \\ud800", which contains U+D800'],
    ['half in a token', { token: 'a\udc00' }, 'token is "a\\udc00", which contains U+DC00'],
    ['a zero byte in a token', { token: 'a\0b' }, 'token is "a\\u0000b", which contains U+0000'],
    [
      'a day that does not exist',
      { created_at: '2020-02-30' },
      'created_at is "2020-02-30"; it must be',
    ],
    ['one in the wire’s own form', { last_run_at: '2021-02-29T10:00:00.000Z' }, 'last_run_at is'],
    ['an hour that does not exist', { edited_at: '2020-01-01T24:00:00Z' }, 'edited_at is'],
    [
      'a name longer than the API takes',
      { name: 'x'.repeat(256) },
      'which has 256; it must be 255 characters at most',
    ],
    [
      'a description longer than that',
      { description: 'x'.repeat(4097) },
      'it must be 4,096 characters at most',
    ],
    ['a token longer than that', { token: 'x'.repeat(256) }, 'it must be 255 characters at most'],
  ])('%s', async (_, more, message) => {
    const { write, run, names } = await openFolder();
    write('reports.ndjson', line(reportRow(1)) + line(reportRow(2, more)));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('reports.ndjson, row 2: field ');
    expect(stderr).toContain(message);
    expect(await names()).toEqual([]);
  });

  test('and what is as long as that, in characters, is taken', async () => {
    const { write, run } = await openFolder();
    write('reports.ndjson', line(reportRow(1, { name: '😀'.repeat(255) })));
    const query = { id: 1, token: 'q', report_id: 1, report_token: reportRow(1).token };
    write('queries.ndjson', line({ ...query, raw_query: 'x'.repeat(1_000_000) }));
    expect(await run()).toMatchObject({ code: 0 });
    write('queries.ndjson', line({ ...query, raw_query: 'x'.repeat(1_000_001) }));
    expect((await run()).stderr).toContain('it must be 1,000,000 characters at most');
  });
});

describe('where a file should be, a sentence says what is there instead:', () => {
  test.each<[string, (path: string) => void, string]>([
    ['a link to nothing', (path) => symlinkSync('nowhere', path), 'there is no such file'],
    ['links in a circle', (path) => symlinkSync(path, path), 'its links lead in a loop'],
    ['a pipe', (path) => execFileSync('mkfifo', [path]), 'it is a pipe or a device, not a file'],
  ])('%s', async (_, make, message) => {
    for (const file of ['d.json', 'reports.ndjson']) {
      const { folder, run } = await openFolder();
      make(join(folder, file));
      const { code, stderr } = await run();
      expect(code).toBe(1);
      expect(stderr).toContain(`${join(folder, file)} cannot be read: ${message}`);
      expect(stderr).not.toMatch(/^ {4}at /m);
    }
  });

  test('a folder called d.json was a stack', async () => {
    const { folder, run } = await openFolder();
    mkdirSync(join(folder, 'd.json'));
    mkdirSync(join(folder, 'reports.ndjson'));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rollcall: .*(it is a folder|has neither saved Discovery pages)/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('and so of what is no folder', async () => {
    const { folder, write, run } = await openFolder();
    write('a-file', '');
    for (const path of [
      join(folder, 'a-file'),
      join(folder, 'a-file', 'x'),
      join(folder, 'x'.repeat(300)),
    ]) {
      const { code, stderr } = await run(path);
      expect(code).toBe(1);
      expect(stderr).toContain(`${path} is not a folder`);
    }
  });
});

test('the organization that a page names is no name where it is no text', async () => {
  const { write, run } = await openFolder();
  const _links = { prev_page: { href: '/batch/a\0\ud800/reports?page=1' } };
  write('d.json', JSON.stringify({ ...JSON.parse(page([reportRow(1), reportRow(2)])), _links }));
  expect(await run()).toMatchObject({ code: 0 });
});

test('a page in which things are nested without end was a stack', async () => {
  const { write, run } = await openFolder();
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  write('reports.ndjson', `{"id":1,"token":"a","name":${deep}}\n`);
  expect((await run()).stderr).toMatch(
    /row 1: field name is "nested too deeply to show"; it must be text/,
  );
});

test('an argument that is not UTF-8 is refused before it is kept', async () => {
  const { run } = await openFolder();
  const bytes = Buffer.from('café', 'latin1').toString(); // as Node gives it
  expect((await run(bytes)).stderr).toBe(
    'rollcall: The argument "caf\ufffd" is not UTF-8. Type it in a terminal whose locale is UTF-8, such as LANG=C.UTF-8.\n',
  );
});
