import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { ApiToken } from '../../src/client/index.ts';
import { CHROMIUM, launchBrowserServer } from './chromium.ts';
import { launchRollcall } from './rollcall-process.ts';

/** What all tests of the web pages share: the demo as `npm start` runs it, and a browser to open it with. */
export type WebDemo = {
  url: string;
  /** The link that it printed for its admin. */
  link: string;
  /** The admin's, as the demo keeps it in its file. */
  apiToken: ApiToken;
  dataDir: string;
  /** Where to reach the browser. */
  browser: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    web: WebDemo | undefined;
  }
}

/** Starts both for the project `web`; neither where the machine has no Chromium, for then the tests are left out. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (spawnSync(CHROMIUM, ['--version']).status !== 0) {
    project.provide('web', undefined);
    return async () => undefined;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-web-'));
  const env = { ROLLCALL_PORT: '0', ROLLCALL_RUNS_AT_ONCE: '2' };
  const demo = launchRollcall(['demo'], { dataDir, env });
  const [browser, line] = await Promise.all([launchBrowserServer(), demo.findLine(/#link=/)]);
  const link = line.trim();
  const { api_token: apiToken } = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
  const url = new URL(link).origin;
  project.provide('web', { url, link, apiToken, dataDir, browser: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await demo.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
