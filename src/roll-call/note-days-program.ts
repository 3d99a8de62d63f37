// The thread that notes how the roll call of the day went, with connections of its own.
import { workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import { openStoreAsItIs, type Place } from '../database/open-store.ts';
import { noteDays } from './note-days.ts';

const database = openStoreAsItIs({ ...(workerData as Place), databaseConnections: 1 });
try {
  await noteDays({ database, clock: systemClock });
} finally {
  await database.close();
}
