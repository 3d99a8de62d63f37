import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Visitor } from './open-web.ts';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

const everything = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Menus float outside of the landmarks of the page that they belong to.
  rules: { region: { enabled: false } },
};
const colours = { runOnly: ['color-contrast'] };
/** What it finds right is not told. */
const wrong = { resultTypes: ['violations'] };

/** What axe finds wrong with the page as it stands, or with its colours alone: the rule, and where. */
async function accessibilityFaults(page: Page, { onlyColours = false } = {}): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe);
  type Found = { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
  const options = JSON.stringify({ ...wrong, ...(onlyColours ? colours : everything) });
  const script = `axe.run(${options}).then(({ violations }) => violations)`;
  const violations = (await page.evaluate(script)) as Found;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

const sizes = [
  { width: 390, height: 800 },
  { width: 1024, height: 800 },
];

/** Looks at the page as it stands, at two widths and in both themes. */
export async function expectAccessible({ page }: Visitor): Promise<void> {
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
