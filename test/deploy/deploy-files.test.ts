import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { options } from '../../src/config.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { testWith } from '../support/machine-tools.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const files = globSync('deploy/**/*', { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => `${parentPath}/${name}`);

/** All metrics of a process, without the endings that Prometheus gives to the parts of a histogram. */
async function metricNames(): Promise<Set<string>> {
  const { text } = await createMetrics().expose();
  return new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => String(name)));
}

describe('what is monitored', () => {
  const monitored = ['deploy/monitoring/rules.yaml', 'deploy/monitoring/grafana-dashboard.json'];

  test.each(monitored)('is counted: %s', async (file) => {
    const known = await metricNames();
    const expressions =
      file.endsWith('.json') === true
        ? JSON.parse(read(file)).panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
            targets.map(({ expr }) => expr),
          )
        : parseAllDocuments(read(file))[0]
            ?.toJS()
            .groups.flatMap(({ rules }: { rules: { expr: string }[] }) =>
              rules.map(({ expr }) => expr),
            );
    const named = new Set<string>(
      expressions.join('\n').match(/\b(rollcall|nodejs|process)_\w+/g) ?? [],
    );
    expect(named.size).toBeGreaterThan(8);
    const plain = [...named].map((name) =>
      known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, ''),
    );
    expect(plain.filter((name) => !known.has(name))).toEqual([]);
  });

  test('is shown: the dashboard has every metric of ours', async () => {
    const dashboard = read('deploy/monitoring/grafana-dashboard.json');
    const ours = [...(await metricNames())].filter((name) => name.startsWith('rollcall_'));
    expect(ours.filter((name) => !dashboard.includes(name))).toEqual([]);
  });
});

test('settings that the files for deployment name are options', () => {
  const known = new Set<string>(Object.values(options).map(({ variable }) => variable));
  for (const file of files) {
    const named = read(file).match(/\bROLLCALL_[A-Z_]+/g) ?? [];
    expect(
      named.filter((name) => !known.has(name)),
      file,
    ).toEqual([]);
  }
});

test.each(files.filter((file) => file.endsWith('.yaml')))('%s is YAML', (file) => {
  for (const document of parseAllDocuments(read(file), { merge: true })) {
    expect(document.errors).toEqual([]);
    expect(document.toJS()).toBeInstanceOf(Object);
  }
});

describe('units of systemd', () => {
  const units = files.filter((file) => file.endsWith('.service'));
  const withSystemd = testWith('systemd');

  withSystemd.each(units)('%s gives a service little to do harm with', (unit) => {
    const args = ['security', '--offline=true', '--threshold=30', unit];
    expect(execFileSync('systemd-analyze', args, { encoding: 'utf8' })).toContain('OK');
  });

  test.each(units)('%s leaves V8 the memory that it compiles into', (unit) => {
    expect(read(unit)).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });
});
