import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a proxy does with the path below which it has a server. */
export type PathPolicy = 'takes its path off' | 'leaves its path on';

/** A host that has servers of Rollcall below paths, and something else everywhere besides; gone when the test ends. */
export async function openPathProxy(policy: PathPolicy) {
  const targets = new Map<string, string>();
  const proxy = createServer((from, to) => {
    const url = from.url ?? '/';
    const found = [...targets].find(
      ([path]) => url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`),
    );
    if (found === undefined) return void to.writeHead(404).end('another application');
    const [path, target] = found;
    const own = policy === 'takes its path off' ? url.slice(path.length) : url;
    const passed = request(target, {
      path: own.startsWith('/') ? own : `/${own}`,
      method: from.method,
      headers: { ...from.headers, 'x-forwarded-for': '192.0.2.7' },
    });
    passed.on('response', (answer) => {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    passed.on('error', () => to.destroy());
    from.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { origin, hand: (path: string, target: string) => void targets.set(path, target) };
}
