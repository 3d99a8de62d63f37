import { connect } from 'node:net';

export type Target = { host: string; port: number; authorization: string };

export type Load = {
  /** Whole answers a second. */
  perSecond: number;
  /** Of one answer, from the first byte sent to the last byte read, in milliseconds. */
  p50Ms: number;
  p99Ms: number;
  megabytesPerSecond: number;
};

/**
 * Asks for one path after another over several connections that stay open, and reads every byte of the answers. It
 * looks at no more than the status and Content-Length, so that the client takes as little as it can of a machine that
 * it shares with the server.
 *
 * @param nextPath the path of each request, and undefined when there is nothing more to ask for.
 */
export async function load(
  target: Target,
  {
    connections,
    durationMs,
    nextPath,
  }: { connections: number; durationMs: number; nextPath: () => string | undefined },
): Promise<Load> {
  const times: number[] = [];
  let bytes = 0;
  const started = performance.now();
  const isOver = () => performance.now() - started >= durationMs;
  await Promise.all(
    Array.from({ length: connections }, () =>
      oneConnection(
        target,
        () => (isOver() ? undefined : nextPath()),
        (timeMs, length) => {
          times.push(timeMs);
          bytes += length;
        },
      ),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] as number;
  return {
    perSecond: times.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    megabytesPerSecond: bytes / 1e6 / seconds,
  };
}

function oneConnection(
  { host, port, authorization }: Target,
  nextPath: () => string | undefined,
  onAnswer: (timeMs: number, bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
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
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAuthorization: ${authorization}\r\n\r\n`,
      );
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
        if (!head.startsWith('HTTP/1.1 200')) {
          reject(new Error(`The server answered ${head.slice(0, 300)}`));
          return;
        }
        const bodyLength = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        missing = end + 4 + bodyLength - length;
      } else {
        missing -= chunk.length;
      }
      if (missing === 0) {
        onAnswer(performance.now() - sentAt, length);
        ask();
      }
    });
  });
}
