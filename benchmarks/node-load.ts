import { connect } from 'node:net';
import type { Ask, Loaded, Target } from './load.ts';
import { processorUs } from './start-process.ts';

/**
 * As `load` says, by sockets of our own. They look at no more than the status and Content-Length, so that the client
 * takes as little as it can of a machine that it shares with the server.
 */
export async function nodeLoad(
  target: Target,
  { connections, seconds, paths, once = false }: Ask,
): Promise<Loaded> {
  const times: number[] = [];
  const started = performance.now();
  let asked = 0;
  const nextPath = (): string | undefined => {
    if (performance.now() - started >= seconds * 1000) return undefined;
    if (once && asked === paths.length) throw new Error(`There are only ${asked} pages.`);
    return paths[asked++ % paths.length];
  };
  await onConnections(connections, target, nextPath, (timeMs) => times.push(timeMs));
  const took = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] as number;
  return {
    answers: times.length,
    ...{ perSecond: times.length / took, p50Ms: at(0.5), p99Ms: at(0.99) },
  };
}

/** Asks for each path once, in order, over one connection: the seconds that it took, and of a page, the server's processor time. */
export async function crawl(
  target: Target,
  paths: readonly string[],
): Promise<{ seconds: number; serverUs: number }> {
  let asked = 0;
  const before = processorUs(target.server);
  const started = performance.now();
  await onConnections(
    1,
    target,
    () => paths[asked++],
    () => undefined,
  );
  const seconds = (performance.now() - started) / 1000;
  return { seconds, serverUs: (processorUs(target.server) - before) / paths.length };
}

async function onConnections(
  count: number,
  target: Target,
  nextPath: () => string | undefined,
  onAnswer: (timeMs: number) => void,
): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => oneConnection(target, nextPath, onAnswer)));
}

function oneConnection(
  { server: { url }, headers }: Target,
  nextPath: () => string | undefined,
  onAnswer: (timeMs: number) => void,
): Promise<void> {
  const lines = Object.entries({ host: url.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    let sentAt = 0;
    let length = 0;
    /** How many bytes of the answer are still to come; undefined while its head is read. */
    let missing: number | undefined;
    let head = '';

    const ask = (): void => {
      const path = nextPath();
      if (path === undefined) {
        socket.end();
        resolve();
        return;
      }
      head = '';
      missing = undefined;
      length = 0;
      sentAt = performance.now();
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    };
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('close', () =>
      reject(new Error('The server closed a connection in the middle of the load.')),
    );
    socket.on('data', (chunk) => {
      length += chunk.length;
      if (missing === undefined) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!/^HTTP\/1.1 (200|304)/.test(head)) {
          reject(new Error(`The server answered ${head.slice(0, 300)}`));
          return;
        }
        const hasBody = head.startsWith('HTTP/1.1 200');
        const bodyLength = hasBody ? Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]) : 0;
        missing = end + 4 + bodyLength - length;
      } else {
        missing -= chunk.length;
      }
      if (missing === 0) {
        onAnswer(performance.now() - sentAt);
        ask();
      }
    });
  });
}
