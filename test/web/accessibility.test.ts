import { describe, expect } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { testWith } from '../support/machine-tools.ts';
import { findReport, openSignedIn, openWeb, type Visitor } from '../support/open-web.ts';

const test = testWith('chromium');

const sizes = [
  { width: 390, height: 800 },
  { width: 1024, height: 800 },
];

/** Looks at the page as it stands, at two widths and in both themes. */
async function expectAccessible({ page }: Visitor): Promise<void> {
  const faults: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const where = `${size.width} px, ${colorScheme}`;
      // The themes differ in nothing else.
      const found = await accessibilityFaults(page, { onlyColours: colorScheme === 'dark' });
      faults.push(...found.map((fault) => `${where}: ${fault}`));
    }
  }
  expect(faults).toEqual([]);
}

describe('axe finds nothing', () => {
  test('on the sign-in pages', async () => {
    const visitor = await openWeb();
    await visitor.open('/sign-in');
    await expectAccessible(visitor);
    await visitor.open(`/sign-in?by=link#link=${'0'.repeat(64)}`);
    await visitor.page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await expectAccessible(visitor);
  });

  test('on the lists', async () => {
    const visitor = await openSignedIn('axe-lists@acme.example');
    for (const path of ['/acme', '/acme?q=nothing-is-called-this', '/acme/nothing/there']) {
      await visitor.open(path);
      await expectAccessible(visitor);
    }
    for (const path of ['roll-call', 'spaces', 'schedules', 'data']) {
      await visitor.open(`/acme/${path}`);
      await visitor.page.getByRole('heading', { level: 1 }).waitFor();
      await expectAccessible(visitor);
    }
  });

  test('on a report, whatever stands beside it', async () => {
    const visitor = await openSignedIn('axe-report@acme.example');
    const report = await findReport('Weather, month by month');
    for (const panel of ['runs', 'schedule', 'history', 'details', 'api']) {
      await visitor.open(`/acme/reports/${report}?panel=${panel}`);
      await visitor.page.locator('canvas').first().waitFor();
      await expectAccessible(visitor);
    }
    const failed = await findReport('Refunds by region (fails on purpose)');
    await visitor.open(`/acme/reports/${failed}`);
    await visitor.page.getByRole('alert').waitFor();
    await expectAccessible(visitor);
  });

  test('on the editor', async () => {
    const visitor = await openSignedIn('axe-editor@acme.example');
    const report = await findReport('Carbon dioxide at Mauna Loa');
    await visitor.open(`/acme/reports/${report}/edit`);
    await visitor.page.locator('.cm-content').first().waitFor();
    await visitor.page.getByRole('button', { name: 'Run', exact: true }).click();
    await visitor.page.locator('canvas').first().waitFor();
    await visitor.page.getByText('Names and formats').first().click();
    await expectAccessible(visitor);
    await visitor.page.setViewportSize({ width: 1024, height: 800 });
    await visitor.page.getByLabel('Type').first().selectOption('Table');
    await visitor.page
      .getByRole('button', { name: /^Move .* down$/ })
      .first()
      .waitFor();
    await expectAccessible(visitor);
  });

  test('on the settings', async () => {
    const visitor = await openSignedIn('axe-settings@acme.example');
    for (const path of ['', '/members', '/tokens', '/audit']) {
      await visitor.open(`/acme/settings${path}`);
      await expectAccessible(visitor);
    }
  });

  test('on dialogs and menus', async () => {
    const visitor = await openSignedIn('axe-dialogs@acme.example');
    const { page, open } = visitor;
    const dialogs = [
      ['/acme/data', 'Connect a data source'],
      ['/acme/data', 'Delete'],
      ['/acme/settings/members', 'Invite a member'],
      ['/acme/settings/tokens', 'Make a token'],
      ['/acme/schedules', 'Delete'],
    ] as const;
    for (const [path, name] of dialogs) {
      await page.setViewportSize({ width: 1024, height: 800 });
      await open(path);
      await page.getByRole('button', { name }).first().click();
      await page.getByRole('dialog').waitFor();
      await expectAccessible(visitor);
    }
    for (const name of ['Space', 'Owner']) {
      await open('/acme');
      await page.getByRole('combobox', { name }).click();
      await page.getByRole('option').nth(1).waitFor();
      await expectAccessible(visitor);
    }
    for (const key of ['Control+k', '?']) {
      await open('/acme');
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await expectAccessible(visitor);
    }
    await page.setViewportSize({ width: 1024, height: 800 });
    await open('/acme');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menu').waitFor();
    await expectAccessible(visitor);
  });
});
