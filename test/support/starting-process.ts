// Starts every run that is due at a fixed time, to be killed meanwhile: node starting-process.ts TIME
import { readConfig } from '../../src/config.ts';
import { templatesHere } from '../../src/data-sources/templates/carry-out-order.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { startDueRuns } from '../../src/schedules/start-due.ts';

const config = readConfig({ environment: process.env, directory: process.cwd() });
const database = await openStore(config);
const nowMs = Date.parse(process.argv[2] ?? '');
process.stdout.write('begins\n');
await startDueRuns({
  database,
  clock: () => nowMs,
  identifiers: randomIdentifiers,
  templates: templatesHere,
  mostWaiting: config.waitingRuns,
  onStarted: () => undefined,
  onFailure: (error) => {
    throw error;
  },
});
await database.close();
