import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { releasedChangelog } from '../../scripts/released-changelog.mjs';

test('what was unreleased gets its version and day, and there is room for what follows', () => {
  const text = '# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0 (2026-01-01)\n\n- Old.\n';
  const released = releasedChangelog(text, '0.2.0', '2026-11-29');
  expect(released).toBe(
    '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-11-29)\n\n- New.\n\n## 0.1.0 (2026-01-01)\n\n- Old.\n',
  );
  expect(releasedChangelog(String(released), '0.3.0', '2026-12-01')).toBeUndefined();
  expect(releasedChangelog(text, '0.1.0', '2026-12-01')).toBeUndefined();
});

test('a dry run names each step, and changes nothing', () => {
  const before = readFileSync('CHANGELOG.md', 'utf8');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const release = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/release.mjs', ...args], { encoding: 'utf8' });
  const { status, stdout } = release(version, '--dry-run');
  expect(status).toBe(0);
  const steps = [...stdout.matchAll(/^Would run: (\w+ \w+)/gm)].map(([, step]) => step);
  expect(steps.slice(0, 6)).toEqual([
    'npm test',
    'npm run',
    'git commit',
    'git tag',
    'npm pack',
    'npm publish',
  ]);
  expect(readFileSync('CHANGELOG.md', 'utf8')).toBe(before);
  expect(release('--dry-run').status).toBe(1);
  expect(release('next', '--dry-run').stderr).toContain('Name the version');
});
