// What the web pages may cost whoever opens them, in bytes as they are sent: scripts and styles compressed, fonts as they
// are. Checked whenever the pages are built; what is too large stops the build.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What every visit loads: the list of reports, and the menu that follows it at once. */
const LIST = ['index.html', 'src/frame/account-menu.tsx'];

/**
 * Scripts that are loaded together, by the sources that lead to them; `after` the parts that have brought theirs by then.
 *
 * @type {{ of: string, parts: string[], after?: string[], most: number }[]}
 */
const SCRIPTS = [
  { of: 'The list of reports', parts: LIST, most: 156_000 },
  { of: 'The editor', parts: ['src/pages/editor/editor-page.tsx'], most: 154_000 },
  {
    of: 'The editor of a new report',
    parts: ['src/pages/editor/new-report-page.tsx'],
    most: 155_000,
  },
  { of: 'The page of a report', parts: ['src/pages/report/report-page.tsx'], most: 31_000 },
  {
    of: 'A version beside another',
    parts: ['src/pages/report/version-dialog.tsx'],
    after: ['src/pages/report/report-page.tsx'],
    most: 10_000,
  },
  {
    of: 'Publishing, and what others have published meanwhile',
    parts: ['src/pages/editor/publish-dialog.tsx', 'src/pages/editor/behind-dialog.tsx'],
    after: ['src/pages/editor/editor-page.tsx'],
    most: 10_000,
  },
  { of: 'What compares texts', parts: ['src/compare/text-difference.tsx'], most: 130_000 },
  { of: 'What draws charts', parts: ['src/charts/drawn-chart.tsx'], most: 190_000 },
];
/** Any other part that is loaded when it is needed. */
const MOST_OF_A_PART = 30_000;
const MOST_OF_STYLES = 20_000;
const MOST_OF_A_FONT = 90_000;
/** All alphabets together; a browser loads those that a page is written in. */
const MOST_OF_FONTS = 600_000;

/**
 * What is larger than it may be, a sentence each.
 *
 * @param {string} folder where the pages were built, with Vite's manifest of them.
 * @returns {string[]}
 */
export function overBudget(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));
  const sent = (file) => ({ file, size: statSync(join(folder, `${file}.br`)).size });
  const listed = scriptsOf(manifest, LIST);
  const scripts = [
    ...SCRIPTS,
    ...Object.entries(manifest)
      .filter(([, { isDynamicEntry }]) => isDynamicEntry)
      .filter(([source]) => !SCRIPTS.some(({ parts }) => parts.includes(source)))
      .map(([source]) => ({ of: source, parts: [source], most: MOST_OF_A_PART })),
  ].map(({ of, parts, after = [], most }) => {
    // What the list has loaded by then costs nothing again.
    const known = parts === LIST ? [] : [...listed, ...scriptsOf(manifest, after)];
    const files = scriptsOf(manifest, parts).filter((file) => !known.includes(file));
    return { of: `${of}: script`, most, files: files.map(sent) };
  });
  const all = Object.values(manifest);
  const styles = [...new Set(all.flatMap(({ css = [] }) => css))].map(sent);
  const fonts = [...new Set(all.flatMap(({ assets = [] }) => assets))]
    .filter((file) => file.endsWith('.woff2'))
    .map((file) => ({ file, size: statSync(join(folder, file)).size }));
  return [
    ...scripts,
    { of: 'All pages: styles', most: MOST_OF_STYLES, files: styles },
    { of: 'All pages: fonts', most: MOST_OF_FONTS, files: fonts },
    ...fonts.map((font) => ({ of: 'A font', most: MOST_OF_A_FONT, files: [font] })),
  ]
    .map((budget) => ({ ...budget, size: budget.files.reduce((sum, { size }) => sum + size, 0) }))
    .filter(({ size, most }) => size > most)
    .map(told);
}

/** The scripts of some parts and of what they import before they run. */
function scriptsOf(manifest, parts) {
  const seen = new Set();
  const add = (source) => {
    if (seen.has(source) || !manifest[source]) return;
    seen.add(source);
    for (const imported of manifest[source].imports ?? []) add(imported);
  };
  for (const part of parts) add(part);
  return [...seen].map((source) => manifest[source].file).filter((file) => file.endsWith('.js'));
}

function told({ of, most, size, files }) {
  const largest = files.toSorted((a, b) => b.size - a.size).slice(0, 5);
  const list = largest.map((one) => `  ${one.file}, ${kilobytes(one.size)}`);
  return [`${of} of ${kilobytes(size)}, where at most ${kilobytes(most)} may be:`, ...list].join(
    '\n',
  );
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
