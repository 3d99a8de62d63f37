import { describe } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { testWith } from '../support/machine-tools.ts';
import { findReport, openSignedIn, openWeb } from '../support/open-web.ts';

const test = testWith('chromium');

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
    for (const path of [
      '/acme',
      '/acme?q=nothing-is-called-this&state=failed&favorites=true',
      '/acme/nothing/there',
    ]) {
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
});
