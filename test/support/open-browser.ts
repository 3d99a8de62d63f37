import { type Browser, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** The machine's Chromium, closed when the test ends; for tests `testWith('chromium')`. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  onTestFinished(() => browser.close());
  return browser;
}
