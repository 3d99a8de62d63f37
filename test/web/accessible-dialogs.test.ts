import { expectAccessible } from '../support/axe.ts';
import { testWith } from '../support/machine-tools.ts';
import { openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

test('axe finds nothing on dialogs and menus', async () => {
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
