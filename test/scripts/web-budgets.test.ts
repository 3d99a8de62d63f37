import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { overBudget } from '../../scripts/web-budgets.mjs';

/** Pages as Vite leaves them, of files of these sizes. */
function build(sizes: Record<'list' | 'shared' | 'menu' | 'editor' | 'charts' | 'font', number>) {
  const folder = mkdtempSync(join(tmpdir(), 'web-budgets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, '.vite'));
  mkdirSync(join(folder, 'assets'));
  const manifest = {
    'index.html': {
      file: 'assets/list.js',
      imports: ['_shared.js'],
      css: ['assets/list.css'],
      assets: ['assets/font.woff2'],
    },
    '_shared.js': { file: 'assets/shared.js' },
    'src/frame/account-menu.tsx': {
      file: 'assets/menu.js',
      imports: ['_shared.js'],
      isDynamicEntry: true,
    },
    'src/pages/editor/editor-page.tsx': {
      file: 'assets/editor.js',
      imports: ['_shared.js', 'index.html'],
      isDynamicEntry: true,
    },
    'src/charts/drawn-chart.tsx': { file: 'assets/charts.js', isDynamicEntry: true },
  };
  writeFileSync(join(folder, '.vite', 'manifest.json'), JSON.stringify(manifest));
  for (const [name, size] of Object.entries({ ...sizes, css: 0 })) {
    const file = name === 'font' ? 'font.woff2' : name === 'css' ? 'list.css.br' : `${name}.js.br`;
    writeFileSync(join(folder, 'assets', file), Buffer.alloc(size));
  }
  return folder;
}

const small = {
  list: 90_000,
  shared: 30_000,
  menu: 20_000,
  editor: 140_000,
  charts: 160_000,
  font: 80_000,
};

test('pages within their budgets are built', () => {
  expect(overBudget(build(small))).toEqual([]);
});

test('the list counts what it imports and what follows it at once', () => {
  expect(overBudget(build({ ...small, shared: 50_000 }))).toEqual([
    [
      'The list of reports: script of 160.0 kB, where at most 156.0 kB may be:',
      '  assets/list.js, 90.0 kB',
      '  assets/shared.js, 50.0 kB',
      '  assets/menu.js, 20.0 kB',
    ].join('\n'),
  ]);
});

test.each([
  [
    'editor',
    155_000,
    'The editor: script of 155.0 kB, where at most 154.0 kB may be:\n  assets/editor.js, 155.0 kB',
  ],
  [
    'charts',
    191_000,
    'What draws charts: script of 191.0 kB, where at most 190.0 kB may be:\n  assets/charts.js, 191.0 kB',
  ],
  [
    'font',
    91_000,
    'A font of 91.0 kB, where at most 90.0 kB may be:\n  assets/font.woff2, 91.0 kB',
  ],
] as const)('too large a part is named with its size: %s', (part, size, said) => {
  expect(overBudget(build({ ...small, [part]: size }))).toEqual([said]);
});
