import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { RestClient } from '../../src/client/index.ts';
import { publish, wide, writeSql } from '../support/editor-page.ts';
import { testWith } from '../support/machine-tools.ts';
import { listed, makeReport, openSignedIn, webDemo } from '../support/open-web.ts';

const test = testWith('chromium');

const MINE = 'select 2 as mine';
const THEIRS = 'select 3 as theirs';

const rawOf = async (report: string) => (await listed('queries', report))[0]?.raw_query;

/** Another member publishes other SQL of the report, and another name. */
async function publishTheirs(report: string): Promise<void> {
  const { url, apiToken } = webDemo();
  const api = new RestClient({ url, apiToken });
  type Content = { queries: object[]; description: string | null };
  const path = `/api/acme/reports/${report}/content`;
  const { answer, etag } = await api.getTagged<Content>(path);
  const queries = answer.queries.map((query) => ({ ...query, raw_query: THEIRS }));
  const content = { name: 'Named by them', description: answer.description, queries };
  await api.putTagged(path, { content }, etag ?? '');
}

/** Somebody who has begun to write SQL of a report, and whose draft is kept. */
async function openDraft(email: string) {
  const report = await makeReport('To be drafted', {
    queries: [{ name: 'One', raw_query: 'select 1 as one' }],
  });
  const visitor = await openSignedIn(email, wide);
  await visitor.open(`/acme/reports/${report}/edit`);
  await writeSql(visitor.page, MINE);
  await visitor.page.getByText('Saved just now').waitFor();
  return { ...visitor, report };
}

const inEditor = (page: Page, text: string) =>
  page.locator('.cm-content:visible').getByText(text).waitFor();

describe('a draft', () => {
  test('is back after its page was closed, and is published from there', async () => {
    const { page, context, report } = await openDraft('crashed@acme.example');
    await page.close();

    const again = await context.newPage();
    await again.goto(`/acme/reports/${report}/edit`);
    await again.getByText('Draft restored').waitFor();
    await inEditor(again, 'as mine');
    expect(await rawOf(report)).toBe('select 1 as one');
    await again.getByRole('button', { name: 'Continue editing' }).click();
    await again.getByText('Draft restored').waitFor({ state: 'hidden' });
    await publish(again);
    expect(await rawOf(report)).toBe(MINE);

    await again.goto(`/acme/reports/${report}/edit`);
    await inEditor(again, 'as mine');
    expect(await again.getByText('Draft restored').count()).toBe(0);
  });

  test('is discarded: the report is as it was, then and later', async () => {
    const { page, open, report } = await openDraft('discarder@acme.example');
    await page.getByLabel('Report name').fill('Not to be kept');
    await page.getByRole('button', { name: 'Discard draft' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('Draft discarded').waitFor();
    await inEditor(page, 'as one');
    expect(await page.getByLabel('Report name').inputValue()).toBe('To be drafted');
    expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);

    await open('/acme');
    await open(`/acme/reports/${report}/edit`);
    await inEditor(page, 'as one');
    expect(await page.getByText('Draft restored').count()).toBe(0);
  });
});

describe('where others have published meanwhile', () => {
  /** The draft of somebody who is being told so. */
  async function openBehind(email: string) {
    const draft = await openDraft(email);
    const { page, report } = draft;
    await publishTheirs(report);
    await page.getByLabel('Description').fill('Mine, too');
    await page.getByText('Another member published this report').waitFor();
    await page.getByRole('button', { name: 'Review their changes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Renamed to “Named by them”').waitFor();
    await dialog.getByRole('heading', { name: 'SQL of One' }).first().waitFor();
    await expect.poll(() => dialog.locator('.cm-content').allTextContents()).toContain(THEIRS);
    return { ...draft, dialog };
  }

  test('theirs is taken, and mine is gone', async () => {
    const { page, open, dialog, report } = await openBehind('yielding@acme.example');
    await dialog.getByRole('button', { name: 'Discard mine, use theirs' }).click();
    await dialog.getByRole('button', { name: 'Discard draft' }).click();
    await inEditor(page, 'as theirs');
    expect(await page.getByText('Another member published this report').count()).toBe(0);
    expect(await page.getByLabel('Report name').inputValue()).toBe('Named by them');
    await open(`/acme/reports/${report}/edit`);
    await inEditor(page, 'as theirs');
    expect(await page.getByText('Draft restored').count()).toBe(0);
    expect(await rawOf(report)).toBe(THEIRS);
  });

  test('mine is published in place of theirs, which the history brings back', async () => {
    const { page, dialog, report } = await openBehind('insisting@acme.example');
    await dialog.getByRole('button', { name: 'Publish mine over theirs' }).click();
    await dialog.getByText('Renamed to “To be drafted”').waitFor();
    await dialog.getByText('stays in the history').waitFor();
    await dialog.getByRole('button', { name: 'Publish and run' }).click();
    await page.getByRole('heading', { name: 'To be drafted' }).waitFor();
    await page.getByRole('cell', { name: '2' }).waitFor();
    expect(await rawOf(report)).toBe(MINE);

    await page.getByRole('button', { name: 'History' }).click();
    const theirs = page.getByRole('listitem').filter({ hasText: 'Named it “Named by them”' });
    await theirs.getByRole('button', { name: 'Compare' }).click();
    const version = page.getByRole('dialog');
    await version.getByRole('heading', { name: 'Changes if restored' }).waitFor();
    await expect
      .poll(() => version.locator('.cm-content').allTextContents())
      .toEqual(expect.arrayContaining([MINE, THEIRS]));
    await version.getByText('No results are kept for this version.').waitFor();
    await version.getByLabel('Version name').fill('Theirs');
    await page.keyboard.press('Enter');
    await version.getByRole('heading', { name: /: Theirs/ }).waitFor();
    await version.getByRole('button', { name: 'Restore version' }).click();
    await page.getByRole('heading', { level: 1, name: 'Named by them' }).waitFor();
    expect(await rawOf(report)).toBe(THEIRS);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { level: 1, name: 'To be drafted' }).waitFor();
    expect(await rawOf(report)).toBe(MINE);
    await theirs.getByText('Theirs', { exact: true }).waitFor();

    const mine = page.getByRole('listitem').filter({ hasText: 'Named it “To be drafted”' });
    await mine.getByRole('button', { name: 'Compare' }).click();
    await version.getByRole('button', { name: 'Show results' }).click();
    await version.getByRole('cell', { name: '2' }).waitFor();
  });

  test('what they alone changed comes into mine', async () => {
    const { page, dialog, report } = await openBehind('agreeing@acme.example');
    await dialog.getByRole('button', { name: 'Merge into my draft' }).click();
    await page.getByText('Their changes were merged into your draft').waitFor();
    expect(await page.getByLabel('Report name').inputValue()).toBe('Named by them');
    await inEditor(page, 'as mine');
    await publish(page);
    await page.getByRole('heading', { name: 'Named by them' }).waitFor();
    await page.getByText('Mine, too').waitFor();
    expect(await rawOf(report)).toBe(MINE);
  });
});
