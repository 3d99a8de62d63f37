import { expect } from 'vitest';
import { hostileTexts } from '../support/hostile-texts.ts';
import { testWith } from '../support/machine-tools.ts';
import { adminApi, makeReport, openSignedIn, webDemo } from '../support/open-web.ts';

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
  const { page, open } = await openSignedIn('hunter@acme.example');
  // What ran would say so here, or open a dialog, or offend the policy, which the console tells.
  await page.addInitScript('globalThis.ran = []; globalThis.pwned = (by) => ran.push(by);');
  const expectNothingRan = async () => {
    expect(
      await page.evaluate('[ran.length, document.querySelectorAll("[data-hostile]").length]'),
    ).toEqual([0, 0]);
  };

  const api = adminApi();
  const titles = hostileTexts.map((text) => ({
    chart_type: 'bar',
    chart_title: text,
    spec: { x: 'text', y: ['n'] },
  }));
  const report = await makeReport(hostileTexts[0] as string, {
    description: hostileTexts.join('\n'),
    queries: [
      {
        name: hostileTexts[1] as string,
        raw_query: valuesOf(hostileTexts),
        charts: titles.slice(0, 20),
      },
      {
        name: hostileTexts[2] as string,
        raw_query: columnsOf(hostileTexts),
        charts: titles.slice(20, 40),
      },
      {
        name: hostileTexts[3] as string,
        raw_query: formOf(hostileTexts),
        charts: [
          ...titles.slice(40),
          {
            chart_type: 'scatter',
            chart_title: 'Points',
            spec: { x: 'n', y: ['n'], series: 'text' },
          },
        ],
      },
    ],
  });
  // As the name of a report and of a space, and as its author, each text stands in the lists.
  const spaces: string[] = [];
  for (const [index, text] of hostileTexts.entries()) {
    const described = { name: text, description: text };
    await makeReport(text, { description: text });
    if (index < 20) {
      const space = await api.send<{ token: string }>('POST', '/api/acme/spaces', {
        space: described,
      });
      spaces.push(space.token);
    }
  }
  const run = await api.send<{ token: string }>('POST', `/api/acme/reports/${report}/runs`);
  await expect
    .poll(
      async () =>
        (await api.get<{ state: string }>(`/api/acme/reports/${report}/runs/${run.token}`)).state,
      { timeout: 60_000 },
    )
    .toBe('succeeded');

  await open('/acme?by=name');
  await expectNothingRan();
  await open(`/acme?q=${encodeURIComponent(hostileTexts[0] as string)}`);
  await page
    .getByRole('link', { name: hostileTexts[0] as string })
    .first()
    .waitFor();
  await expectNothingRan();

  await open(`/acme/reports/${report}?panel=api`);
  await page.locator('canvas').nth(20).waitFor();
  await expectNothingRan();
  for (const canvas of (await page.locator('canvas').all()).slice(-3)) {
    await canvas.scrollIntoViewIfNeeded();
    const { width = 0, height = 0 } = (await canvas.boundingBox()) ?? {};
    for (const part of [0.3, 0.5, 0.7])
      await canvas.hover({ position: { x: width * part, y: height * 0.6 } });
  }
  await page.evaluate(
    'for (const button of document.querySelectorAll("figcaption button")) button.click()',
  );
  await page.getByRole('button', { name: 'Show the chart' }).nth(59).waitFor();
  await expectNothingRan();

  for (const path of ['history', 'runs', 'schedule', 'details']) {
    await open(`/acme/reports/${report}?panel=${path}`);
    await expectNothingRan();
  }
  for (const path of [
    `?space=${spaces[0]}`,
    '/roll-call',
    '/schedules',
    '/data',
    '/settings/audit',
    '/settings/members',
  ]) {
    await open(`/acme${path}`);
    await expectNothingRan();
  }
  await open(`/acme/reports/${report}/edit`);
  await page.locator('.cm-content').first().waitFor();
  await expectNothingRan();
  for (const text of hostileTexts.slice(0, 20)) {
    await page.goto(`${webDemo().url}/sign-in?next=${encodeURIComponent(text)}#${text}`);
    await expectNothingRan();
  }
});

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
