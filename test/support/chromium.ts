import { existsSync } from 'node:fs';
import { type BrowserServer, chromium } from 'playwright-core';

const HEADLESS = '/usr/bin/chromium-headless-shell';

/**
 * Where Debian puts it. Without the parts that only a window has, a page takes a sixth of the processor time; the whole
 * browser serves where a machine has nothing else.
 */
export const CHROMIUM = existsSync(HEADLESS) ? HEADLESS : '/usr/bin/chromium';

export const launchOptions = {
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** A browser that the tests of several files share. */
export function launchBrowserServer(): Promise<BrowserServer> {
  return chromium.launchServer(launchOptions);
}
