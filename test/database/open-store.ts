import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../src/database/open-store.ts';

/** A process that opens the store in a folder at a given time, reads and writes there, and does so again. */
const [dataDir, startAtMs, rounds] = process.argv.slice(2);
await sleep(Math.max(0, Number(startAtMs) - Date.now()));
for (let round = 0; round < Number(rounds); round++) {
  const database = await openStore({ dataDir: dataDir as string });
  await database.all('select * from organizations');
  await database.run('update organizations set position = position');
  await database.close();
}
