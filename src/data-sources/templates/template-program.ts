// The thread in which templates of queries are read and rendered, so that the server's own thread never waits for them.
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { carryOut } from './carry-out-order.ts';
import type { TemplateOrder } from './template-order.ts';

// Of this thread alone, on Linux.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on('message', (order: TemplateOrder) => {
  parentPort?.postMessage(carryOut(order));
});
parentPort?.postMessage('ready');
