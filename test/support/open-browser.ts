import { type Browser, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { launchOptions } from './chromium.ts';

/** The machine's Chromium, closed when the test ends; for tests `testWith('chromium')`. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch(launchOptions);
  onTestFinished(() => browser.close());
  return browser;
}
