import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RollcallClient } from '../../src/client/index.ts';
import { lists } from '../../src/inventory/lists.ts';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { makeBasic, temporaryFolder } from '../support/workplace.ts';

const page = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8');
const client = new URL('../../src/client/index.ts', import.meta.url).href;

/** The first example below a heading of the page. */
function exampleOf(heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const [, example] = /```js\n(.*?)```/s.exec(section) ?? [];
  expect(example, `an example below “${heading}”`).toBeDefined();
  return example as string;
}

/** Runs an example in a process of its own, against a server with a full inventory. */
async function runExample(heading: string) {
  const listening = await openListening();
  await putInventory(listening);
  // Tokens that examples make end after today, whatever day the server was told it is.
  listening.time.nowMs = Date.now();
  const basic = await makeBasic(listening.database, listening.acme);
  const [API_TOKEN, API_SECRET] = Buffer.from(basic.slice(6), 'base64').toString().split(':');
  const code = exampleOf(heading)
    .replace('rollcall/client', client)
    .replace('http://127.0.0.1:4146', listening.url);
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: temporaryFolder(),
    env: { ...process.env, ROLLCALL_BEARER: listening.bearer, API_TOKEN, API_SECRET },
  });
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => Array.fromAsync(stream.setEncoding('utf8'))),
  );
  return { lines: stdout?.join('').trimEnd().split('\n') ?? [], stderr: stderr?.join('') };
}

describe('the examples of docs/client.md', () => {
  test('list every report', async () => {
    const { lines, stderr } = await runExample('List everything');
    expect(stderr).toBe('');
    expect(lines[0]).toMatch(/^report10000 Report 10000/);
    expect(lines.filter((line) => line.startsWith('report'))).toHaveLength(SHARED + PERSONAL);
  });

  test('count page by page', async () => {
    const { lines, stderr } = await runExample('Page by page');
    expect(stderr).toBe('');
    expect(lines).toEqual([500, 1000, 1500, 2000, 2500].map((read) => `${read} of ${SHARED}`));
  });

  test('follow changes', async () => {
    const { lines, stderr } = await runExample('Follow changes');
    expect(stderr).toBe('');
    expect(lines).toHaveLength(SHARED);
    expect(lines[0]).toBe('report10000 is named Report 10000: “naïve”\u2028second line');
  });

  test('tell errors apart', async () => {
    const { lines, stderr } = await runExample('Errors and retries');
    expect(stderr).toBe('');
    expect(lines).toEqual(['Space 1', 'Space 2']);
  });

  test('create and revoke a signature token', async () => {
    const { lines, stderr } = await runExample('Create and revoke signature tokens');
    expect(stderr).toBe('');
    expect(lines).toEqual([expect.stringMatching(/^Bearer [A-Za-z0-9+/]+=*$/)]);
  });
});

test('each list has a method, and docs/client.md has its rows', () => {
  for (const name of Object.keys(lists)) {
    const method = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    expect(RollcallClient.prototype).toHaveProperty(method);
    expect(page).toContain(`\`client.${method}(options)\``);
  }
});

test('the options that docs/client.md names are those of the client', () => {
  const source = readFileSync(
    new URL('../../src/client/rollcall-client.ts', import.meta.url),
    'utf8',
  );
  const type = /export type ClientOptions = \{(.*?)\n\};/s.exec(source)?.[1] ?? '';
  const options = [...type.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name as string);
  expect(options).toHaveLength(10);
  for (const option of options) expect(page).toMatch(new RegExp(`\`${option}\`|${option}:`));
});
