import { expect, test } from 'vitest';
import { runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

test('an unknown command names the near one and fails', async () => {
  const { code, stdout, stderr } = await runRollcall(['serv'], { dataDir: temporaryFolder() });
  expect(stderr).toContain("rollcall: unknown command 'serv'\n(Did you mean serve?)\n");
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test('serve says where it listens and stops at SIGTERM', async () => {
  const dataDir = temporaryFolder();
  const server = await startRollcall(['serve', '--port', '0'], { dataDir, until: /listens on/ });
  expect(server.line).toMatch(/^Rollcall listens on http:\/\/127\.0\.0\.1:\d+$/);
  expect((await server.stop()).code).toBe(0);
});
