import { expect, test } from 'vitest';
import { StoreBusyError } from '../../src/database/database.ts';
import { storageFaults } from '../../src/storage-fault.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { readDocument, tableOf } from '../support/documents.ts';

test('the document on operating has every metric with its type, labels and meaning', async () => {
  const metrics = createMetrics();
  metrics.requestBegins()({ method: '', route: '', status: '', seconds: 0 }, 0);
  metrics.pageServed('reports', 'cache');
  metrics.storeObserver('read')();
  metrics.runEnded('succeeded', 0);
  metrics.workEnded('roll_call', true);
  metrics.signInRefused('oidc');
  metrics.storeObserver('read')(new StoreBusyError());
  const connections = () => ({ inUse: 0, idle: 0, waiting: 0 });
  const none = { waiting: 0, running: 0, oldestWaitingAt: null };
  const lostNodes = () => [{ node: 'host:5432', reason: '' }];
  metrics.watchStore({ connections, lostNodes }, async () => none);
  const { text } = await metrics.expose();
  const counted = [...text.matchAll(/^# HELP (rollcall_\w+) (.*)\n# TYPE \w+ (\w+)\n(.*)$/gm)].map(
    ([, name, help, type, sample]) => {
      const labels = [...String(sample).matchAll(/(\w+)="/g)]
        .map(([, label]) => String(label))
        .filter((label) => label !== 'le');
      return [name, type, labels.join(', ') || 'none', help];
    },
  );
  const section = readDocument('docs/operating.md').split('\n## Metrics\n')[1] ?? '';
  expect(tableOf(section)).toEqual(counted);
});

test('the document on operating says of each fault of the disk what it means and what helps', () => {
  const [, section = ''] = readDocument('docs/operating.md').split('`rollcall_degraded` names');
  const rows = tableOf(section);
  expect(rows.map(([cause, meaning]) => [cause, meaning])).toEqual(Object.entries(storageFaults));
  for (const [cause, , help] of rows) expect(help, cause).toMatch(/\.$/);
});
