import { expectAccessible } from '../support/axe.ts';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

test('axe finds nothing on dialogs and menus', async () => {
  const visitor = await openSignedIn('axe-dialogs@acme.example');
  const { page, open } = visitor;
  const dialogs = [
    ['/acme/data', 'Add data source'],
    ['/acme/data', 'Delete'],
    ['/acme/settings/members', 'Invite member'],
    ['/acme/settings/tokens', 'Create token'],
    ['/acme/schedules', 'Delete'],
  ] as const;
  for (const [path, name] of dialogs) {
    await page.setViewportSize({ width: 1024, height: 800 });
    await open(path);
    await page.getByRole('button', { name }).first().click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(visitor);
  }
  // What the menu floats over would be found too small.
  await open('/acme?q=nothing-is-called-this');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('option', { name: 'Space' }).waitFor();
  await expectAccessible(visitor);
  await page.getByRole('option', { name: 'Space' }).click();
  await page.getByRole('option', { name: 'Climate' }).waitFor();
  await expectAccessible(visitor);
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

test('axe finds nothing on what shares, compares and deletes reports', async () => {
  const visitor = await openSignedIn('axe-manage@acme.example');
  const { page, open } = visitor;
  const token = await makeReport('To be deleted', {
    description: 'A report with a second version.',
    queries: [{ name: 'One', raw_query: 'select 1 as one' }],
  });
  const report = `/acme/reports/${token}`;
  const looks: [path: string, act: () => Promise<void>][] = [
    [report, () => page.getByRole('button', { name: 'Share' }).click()],
    [
      `${report}?panel=history`,
      () => page.getByRole('button', { name: 'Compare version 2' }).click(),
    ],
    [
      '/acme?q=to%20be%20deleted',
      async () => {
        await page.getByRole('checkbox', { name: 'Select To be deleted' }).check();
        await page.getByRole('button', { name: 'Delete', exact: true }).click();
      },
    ],
  ];
  for (const [path, act] of looks) {
    await page.setViewportSize({ width: 1024, height: 800 });
    await open(path);
    await act();
    await page.getByRole('dialog').waitFor();
    await visitor.settle();
    await expectAccessible(visitor);
  }
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No reports match').waitFor();
  await open('/acme?show=deleted');
  await page.getByRole('button', { name: 'Restore' }).first().waitFor();
  await expectAccessible(visitor);
});
