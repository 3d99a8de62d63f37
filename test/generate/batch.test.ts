import { describe, expect, test } from 'vitest';
import { type Batch, makeBatch } from '../../src/generate/batch.ts';
import { makeCompany } from '../../src/generate/company.ts';
import { type List, type ListName, lists } from '../../src/inventory/lists.ts';
import { type GivenRow, toRow } from '../../src/inventory/row.ts';

const UNTIL = '2026-06-30T00:00:00.000Z';
const COUNT = 3000;

function generate(seed: number, ...borders: number[]): Batch[] {
  const company = makeCompany({ seed, organization: 'big', untilMs: Date.parse(UNTIL) });
  return borders.slice(1).map((to, index) => makeBatch(company, borders[index] as number, to));
}

function textOf(batches: Batch[], name: ListName): string[] {
  return batches.flatMap((batch) => batch[name].map((row) => String(row.body)));
}

function rowsOf(batches: Batch[], name: ListName): GivenRow[] {
  return textOf(batches, name).map((text) => JSON.parse(text) as GivenRow);
}

const names = Object.keys(lists) as ListName[];
const whole = generate(1, 0, COUNT);
const reports = rowsOf(whole, 'reports');

describe('the same seed', () => {
  test.each(names)('makes the same %s, however they are cut into batches', (name) => {
    expect(textOf(generate(1, 0, 1, 25, 1000, 1001, COUNT), name)).toEqual(textOf(whole, name));
  });

  test('makes other reports than another seed', () => {
    const [first] = textOf(whole, 'reports');
    expect(textOf(generate(2, 0, 10), 'reports')).not.toContain(first);
  });
});

describe('a row', () => {
  test.each(names)('of %s has every field in its place, with a value that it takes', (name) => {
    const texts = textOf(whole, name);
    for (const text of texts) {
      expect(JSON.stringify(toRow(lists[name], JSON.parse(text)))).toBe(text);
    }
  });

  test.each(names)('of %s has a number and a token of its own', (name) => {
    const rows = whole.flatMap((batch) => batch[name]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    expect(new Set(rows.map((row) => row.token)).size).toBe(rows.length);
    for (const row of rows) expect(row.token).toMatch(/^[0-9a-f]{12}$/);
  });

  test.each(names)('of %s belongs to one that is there', (name) => {
    const { parent }: List = lists[name];
    if (parent === undefined) return;
    const tokens = new Map(rowsOf(whole, parent.list).map((row) => [row.id, row.token]));
    for (const row of rowsOf(whole, name)) {
      expect(tokens.get(row[parent.idField])).toBe(row[parent.tokenField]);
    }
  });
});

test('numbers of reports rise from 5000', () => {
  const ids = reports.map((report) => report.id as number);
  expect(ids[0]).toBeGreaterThanOrEqual(5000);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(ids.at(-1)).toBeLessThan(5000 + 3 * COUNT);
});

test('about 30 % of the reports lie in personal spaces, each with its owner’s reports only', () => {
  const personal = new Set<unknown>();
  for (const space of rowsOf(whole, 'spaces'))
    if (space.space_type === 'private') personal.add(space.id);
  const flags = whole.flatMap((batch) => batch.reports.map((row) => row.personal));
  expect(flags).toEqual(reports.map((report) => personal.has(report.space_id)));
  expect(flags.filter(Boolean).length / COUNT).toBeCloseTo(0.3, 1);

  const owners = new Map<unknown, Set<unknown>>();
  for (const report of reports.filter((report) => personal.has(report.space_id))) {
    const creators = owners.get(report.space_id) ?? new Set();
    owners.set(report.space_id, creators.add(report.creator_email));
  }
  for (const creators of owners.values()) expect(creators.size).toBe(1);
});

test('there are about two queries and two charts to a report', () => {
  expect(rowsOf(whole, 'queries').length / COUNT).toBeCloseTo(2, 0);
  expect(rowsOf(whole, 'charts').length / COUNT).toBeCloseTo(2, 0);
});

test('what happened to a report happened in an order that can be', () => {
  for (const report of reports) {
    const { created_at: created, edited_at: edited, updated_at: updated } = report;
    const { last_run_at: run, last_run_state: state, last_viewed_at: viewed } = report;
    const success = report.last_successfully_run_at;
    for (const time of [edited, updated, run, success, viewed].filter((time) => time !== null)) {
      expect(String(time) >= String(created) && String(time) <= UNTIL, String(time)).toBe(true);
    }
    expect(String(updated) >= String(edited ?? created)).toBe(true);
    expect([run === null, report.last_run_token === null]).toEqual([
      state === null,
      state === null,
    ]);
    if (state === 'succeeded' || state === 'completed') {
      expect(String(success) >= String(run)).toBe(true);
    } else if (success !== null) {
      expect(String(success) <= String(run)).toBe(true);
    }
  }
  expect(new Set(reports.map((report) => report.last_run_state))).toEqual(
    new Set(['succeeded', 'completed', 'failed', 'cancelled', 'enqueued', null]),
  );
});

test('both fields of views say the same, and nobody viewed what was never opened', () => {
  for (const [index, stats] of rowsOf(whole, 'report_stats').entries()) {
    expect(stats.view_count).toBe(stats.total_views_count);
    expect(stats.view_count === 0).toBe(reports[index]?.last_viewed_at === null);
  }
});

test('there are untitled reports, and names that only Unicode can write', () => {
  const titles = reports.map((report) => report.name as string | null);
  expect(titles).toContain(null);
  expect(titles.some((title) => /\p{Emoji_Presentation}/u.test(title ?? ''))).toBe(true);
  expect(titles.some((title) => /[äöü]/.test(title ?? ''))).toBe(true);
});

test('some queries ask for parameters with a form, and each form ends', () => {
  const forms = rowsOf(whole, 'queries').filter(({ raw_query: sql }) =>
    String(sql).includes('{% form %}'),
  );
  expect(forms.length).toBeGreaterThan(100);
  for (const { raw_query: sql } of forms)
    expect(sql).toMatch(/\n\{% form %\}\n.+\n\{% endform %\}$/s);
});

test('a member’s reports were made between joining and the last one listed', () => {
  const members = new Map(rowsOf(whole, 'members').map((row) => [row.member_email, row]));
  for (const { creator_email: email, created_at: created } of reports) {
    const member = members.get(email);
    const day = String(created).slice(0, 19);
    expect(day >= String(member?.activated_at).slice(0, 19)).toBe(true);
    expect(day <= String(member?.last_report_created_at).slice(0, 19)).toBe(true);
  }
  expect(members.size).toBe(rowsOf(whole, 'members').length);
});
