import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { testWith } from '../support/machine-tools.ts';
import { openBrowser } from '../support/open-browser.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const sample = (extension: string) =>
  readFileSync(`${repository}/examples/list-reports.${extension}`, 'utf8');

/** A listening server with one shared and one personal report, and the credential as the samples take it. */
async function openAcme(corsOrigins = '') {
  const workplace = await openWorkplace({ port: '0', corsOrigins });
  const acme = await makeOrganization(workplace.database);
  await putRows(workplace.database, acme, lists.reports, [reportRow(1, { name: 'Shared' })]);
  await putRows(workplace.database, acme, lists.reports, [reportRow(2, { name: 'Personal' })], {
    personal: true,
  });
  const bearer = await makeBearer(workplace.database, acme);
  const [id = '', access_key = '', access_secret = ''] = Buffer.from(bearer.slice(7), 'base64')
    .toString()
    .split(':');
  const url = await workplace.server.listen({ host: '127.0.0.1', port: 0 });
  const here = (text: string) => text.replaceAll('http://127.0.0.1:4146', url);
  return { ...workplace, here, credential: { id, access_key, access_secret } };
}

/** The names of the reports on each page that a sample printed. */
function namesPrinted(output: string): string[][] {
  return output
    .split(/(?=\{"pagination")/)
    .filter((part) => part.startsWith('{'))
    .map((part) => JSON.parse(part).reports.map((report: { name: string }) => report.name));
}

const bothPages = [['Shared'], ['Shared', 'Personal']];

const commands = [
  ['curl', 'sh', 'sh', '-c'],
  ['ruby', 'rb', 'ruby', '-e'],
  ['python', 'py', 'python3', '-c'],
] as const;

for (const [tool, extension, program, flag] of commands) {
  testWith(tool)(`the ${tool} sample lists the reports`, async () => {
    const { here, credential } = await openAcme();
    const { stdout } = await run(program, [flag, here(sample(extension))], {
      env: { ...process.env, ...credential },
    });
    expect(namesPrinted(stdout)).toEqual(bothPages);
  });
}

testWith('chromium')(
  'the JavaScript sample lists the reports from a page of another origin',
  async () => {
    const page = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html>'),
    );
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void page.close());
    const origin = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    const { here, credential } = await openAcme(origin);

    const browser = await openBrowser();
    const tab = await browser.newPage();
    const printed: string[] = [];
    tab.on('console', (message) => printed.push(message.text()));
    await tab.goto(origin);
    await tab.addScriptTag({
      content: `var { id, access_key, access_secret } = ${JSON.stringify(credential)};\n${here(sample('js'))}`,
    });
    await expect.poll(() => printed.find((line) => line.startsWith('Body:'))).toBeDefined();
    expect(printed).toContain('Status: 200');
    expect(namesPrinted(printed.find((line) => line.startsWith('Body:'))?.slice(6) ?? '')).toEqual([
      ['Shared'],
    ]);
  },
);

test.for(['sh', 'rb', 'py', 'js'])(
  'docs/discovery-api.md shows examples/list-reports.%s as it is',
  (extension) => {
    expect(readFileSync(`${repository}/docs/discovery-api.md`, 'utf8')).toContain(
      `\n${sample(extension)}`,
    );
  },
);
