import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { hostileTexts } from '../support/hostile-texts.ts';
import { testWith } from '../support/machine-tools.ts';
import {
  makeReport,
  openOrganization,
  openSignedIn,
  runReport,
  webDemo,
} from '../support/open-web.ts';

const test = testWith('chromium');

test('a policy lets no script run but our own', async () => {
  const { page, open } = await openSignedIn('policy@acme.example');
  const answer = await page.goto('/acme');
  const policy = String(answer?.headers()['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'none'");
  await open('/acme');
  const inline = 'document.querySelectorAll("script:not([src])").length';
  expect(await page.evaluate(inline)).toBe(0);
});

test('sixty texts that would be scripts are only text, wherever they stand', async () => {
  expect(new Set(hostileTexts).size).toBe(60);
  const [markup = '', image = '', vector = ''] = hostileTexts;
  const admin = '"<img/src=x/onerror=pwned(61)/data-hostile>"@acme.example';
  const place = await openOrganization('hostile', { name: markup, admin });
  const { api } = place;
  mkdirSync(join(webDemo().dataDir, 'files', 'hostile'), { recursive: true });
  writeFileSync(join(webDemo().dataDir, 'files', 'hostile', `${vector}.csv`), `"${image}"\n1\n`);
  const source = { name: markup, description: image, adapter: 'jdbc:duckdb', folder: '.' };
  await api.send('POST', '/api/hostile/data_sources', { data_source: source });
  for (const text of hostileTexts) {
    const space = { name: text, description: text };
    await api.send('POST', '/api/hostile/spaces', { space });
    await makeReport(text, { description: text }, place);
  }
  const charts = hostileTexts.map((text, index) => ({
    chart_type: index === 59 ? 'scatter' : 'bar',
    chart_title: text,
    spec: index === 59 ? { x: 'n', y: ['n'], series: 'text' } : { x: 'text', y: ['n'] },
  }));
  const queries = [valuesOf, columnsOf, formOf].map((sqlOf, index) => ({
    name: hostileTexts[index] as string,
    raw_query: sqlOf(hostileTexts),
    charts: charts.slice(20 * index, 20 * (index + 1)),
  }));
  const description = hostileTexts.join('\n');
  const report = await makeReport('All of them', { description, queries }, place);
  await runReport(report, place);

  const { page, open, settle } = await openSignedIn('hunter@acme.example', { place });
  // What runs says so here, or opens a dialog, or offends the policy, which the console tells.
  await page.addInitScript('globalThis.ran = []; globalThis.pwned = (by) => ran.push(by);');
  const expectNothingRan = async () => {
    const elements = 'document.querySelectorAll("[data-hostile]").length';
    expect(await page.evaluate(`[ran, ${elements}]`)).toEqual([[], 0]);
  };

  await page.setViewportSize({ width: 1280, height: 3000 });
  await open('/hostile');
  await expect.poll(() => page.getByRole('rowgroup').getByRole('link').count()).toBe(61);
  await expectNothingRan();

  await open(`/hostile/reports/${report}?panel=api`);
  await page.locator('canvas').nth(59).waitFor();
  for (const place of [0, 30, 59]) await hoverOver(page.locator('canvas').nth(place));
  await expectNothingRan();
  const buttons = 'document.querySelectorAll("figcaption button")';
  await page.evaluate(`for (const button of ${buttons}) button.click()`);
  await page.locator('figcaption button[aria-pressed=true]').nth(59).waitFor();
  await expectNothingRan();

  for (const name of ['History', 'Runs', 'Schedule', 'Details']) {
    await page.getByRole('button', { name, exact: true, pressed: false }).click();
    await page.getByRole('button', { name, exact: true, pressed: true }).waitFor();
    await settle();
    await expectNothingRan();
  }

  for (const path of ['roll-call', 'schedules', 'data', 'settings/audit', 'settings/members']) {
    await open(`/hostile/${path}`);
    await expectNothingRan();
  }
  await open('/hostile/data');
  await page.getByText('Tables', { exact: true }).click();
  await page.locator('details details').first().waitFor();
  await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
  await page.getByText(image).first().waitFor();
  await expectNothingRan();

  await open('/hostile');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('script');
  await page.getByRole('option').first().waitFor();
  await expectNothingRan();

  await open(`/hostile/reports/${report}/edit`);
  await page.locator('.cm-content:visible').focus();
  await page.keyboard.press('Control+Enter');
  await page.locator('canvas:visible').first().waitFor();
  await expectNothingRan();
});

/** Points at a few places of a chart, which says what is there. */
async function hoverOver(canvas: Locator): Promise<void> {
  await canvas.scrollIntoViewIfNeeded();
  const { width = 0, height = 0 } = (await canvas.boundingBox()) ?? {};
  for (const part of [0.3, 0.6]) {
    await canvas.hover({ position: { x: width * part, y: height * 0.6 } });
  }
}

/** SQL whose rows hold each text. */
function valuesOf(texts: readonly string[]): string {
  const rows = texts.map((text, index) => `(${literal(text)}, ${index})`);
  return `select * from (values ${rows.join(',\n')}) as t(text, n)`;
}

/** Those that are no parameters. */
const plain = (texts: readonly string[]) => texts.filter((text) => !text.includes('{{'));

/** SQL whose columns are named by the texts. */
function columnsOf(texts: readonly string[]): string {
  const named = plain(texts).map((text, index) => `${index} as "${text.replaceAll('"', '""')}"`);
  return `select 'x' as text, 1 as n, ${named.join(',\n')}`;
}

/** SQL with a form whose labels and choices are the texts. */
function formOf(texts: readonly string[]): string {
  const fields = plain(texts).map(
    (text, index) =>
      `p${index}:\n  type: select\n  label: ${JSON.stringify(text)}\n  description: ${JSON.stringify(text)}\n  default: ${JSON.stringify(text)}\n  options: [${JSON.stringify(text)}]`,
  );
  const asked = plain(texts).map((_, index) => `select {{ p${index} }} as text, ${index} as n`);
  return `${asked.join(' union all\n')}\n{% form %}\n${fields.join('\n')}\n{% endform %}`;
}

/** Two braces in a row would be a parameter. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('{{', "{' || '{")}'`;
}
