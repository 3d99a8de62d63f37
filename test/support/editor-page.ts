import type { Page } from 'playwright-core';

/** Where there is room to edit. */
export const wide = { viewport: { width: 1280, height: 900 } };

/** Puts SQL in the place of what the editor has, by keyboard. */
export async function writeSql(page: Page, sql: string): Promise<void> {
  await page.locator('.cm-content:visible').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(sql);
}

/** Publishes what the editor has, and waits until the report's page says so. */
export async function publish(page: Page, { andRun = false } = {}): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Publish and run' }).click();
  const name = andRun ? 'Publish and run' : 'Publish';
  await dialog.getByRole('button', { name, exact: true }).click();
  await page.getByText('Report published').waitFor();
}
