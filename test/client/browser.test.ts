import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openListening, PERSONAL, putInventory, SHARED } from '../support/listening.ts';
import { testWith } from '../support/machine-tools.ts';
import { openBrowser } from '../support/open-browser.ts';

/** Serves the client as the plain JavaScript that it is without its types, and an empty page; answers its origin. */
async function servePage(): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const file = /^\/client\/([\w-]+\.ts)$/.exec(url)?.[1];
    if (file === undefined) {
      response.setHeader('content-type', 'text/html').end('<!doctype html>');
    } else {
      const source = readFileSync(new URL(`../../src/client/${file}`, import.meta.url), 'utf8');
      response.setHeader('content-type', 'text/javascript').end(stripTypeScriptTypes(source));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

testWith('chromium')(
  'a page of another origin lists everything and gets typed errors',
  async () => {
    const origin = await servePage();
    const listening = await openListening({ corsOrigins: origin });
    await putInventory(listening);
    const { url, bearer } = listening;
    const tab = await (await openBrowser()).newPage();
    await tab.goto(origin);
    const script = `(async () => {
    const { RollcallClient } = await import('/client/index.ts');
    const options = { url: '${url}', organization: 'acme' };
    const client = new RollcallClient({ ...options, bearer: '${bearer}' });
    let count = 0;
    for await (const report of client.reports({ includeSpaces: 'all' })) count++;
    const stranger = new RollcallClient({ ...options, bearer: 'YTpiOmM=' });
    const error = await stranger.spaces().next().catch((error) => error);
    return { count, id: error.id, status: error.status };
  })()`;
    expect(await tab.evaluate(script)).toEqual({
      count: SHARED + PERSONAL,
      id: 'unauthorized',
      status: 401,
    });
  },
);

test('nothing of Node and nothing else of Rollcall is imported', () => {
  const index = readFileSync(new URL('../../src/client/index.ts', import.meta.url), 'utf8');
  const seen = new Set<string>();
  const visit = (source: string) => {
    for (const [, target = ''] of stripTypeScriptTypes(source).matchAll(/from '([^']+)'/g)) {
      expect(target).toMatch(/^\.\/[\w-]+\.ts$/);
      if (seen.has(target)) continue;
      seen.add(target);
      visit(readFileSync(new URL(`../../src/client/${target}`, import.meta.url), 'utf8'));
    }
    expect(source).not.toMatch(/\b(?:process|Buffer|require)\b\s*[.(]/);
  };
  visit(index);
  expect(seen.size).toBeGreaterThan(5);
});
