import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any port: tests beside this one do so all the time. */
const FIRST = 10_000;
const BEYOND = 32_768;

/** A port of this machine that nothing listens on, and that nobody is given before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, BEYOND);
    if (await portIsFree(port)) return port;
  }
}

/** Whether nothing listens on a port. */
export async function portIsFree(port: number): Promise<boolean> {
  const server = createServer();
  const isFree = Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  server.listen(port, '127.0.0.1');
  if (!(await isFree)) return false;
  server.close();
  await once(server, 'close');
  return true;
}
