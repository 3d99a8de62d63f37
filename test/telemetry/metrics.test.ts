import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { openConnection } from '../support/connection.ts';
import { openListening } from '../support/listening.ts';
import { makeBasic, openWorkplace } from '../support/workplace.ts';

const TOKEN = 'a secret of the operator'.replaceAll(' ', '-');

/** A server with metrics, and the values of those that it counts by their name and labels. */
async function openMeasured() {
  const workplace = await openListening({ metricsToken: TOKEN });
  const scrape = async () => {
    const response = await fetch(`${workplace.url}/metrics`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return response.text();
  };
  const read = async (sample: string) => {
    const line = (await scrape()).split('\n').find((one) => one.startsWith(`${sample} `));
    return line === undefined ? undefined : Number(line.slice(sample.length + 1));
  };
  return { ...workplace, scrape, read };
}

test('requests are counted and timed by method, route and status', async () => {
  const { url, bearer, read } = await openMeasured();
  const list = (authorization: string) =>
    fetch(`${url}/batch/acme/reports`, { headers: { authorization } }).then((r) => r.text());
  await list(bearer);
  await list(bearer);
  await list('Bearer wrong');
  const count = (status: number, what = 'count') =>
    read(
      `rollcall_http_request_duration_seconds_${what}{method="GET",route="/batch/:organization/reports",status="${status}"}`,
    );
  await expect.poll(() => count(200)).toBe(2);
  await expect.poll(() => count(401)).toBe(1);
  expect(await count(200, 'sum')).toBeGreaterThan(0);
  expect(await read('rollcall_http_requests_under_way')).toBe(1);
});

test('bytes are counted as they leave, with their headers', async () => {
  const { url, read } = await openMeasured();
  const { socket, answer } = await openConnection(Number(new URL(url).port));
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const { length } = await answer;
  await expect.poll(() => read('rollcall_http_sent_bytes_total{route="/healthz"}')).toBe(length);
});

test('a request whose client hangs up is over, too', async () => {
  const { url, read, database, acme } = await openMeasured();
  const basic = await makeBasic(database, acme);
  const { socket } = await openConnection(Number(new URL(url).port));
  socket.write(
    `POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n`,
  );
  await expect.poll(() => read('rollcall_http_requests_under_way')).toBe(2);
  socket.destroy();
  await once(socket, 'close');
  await expect.poll(() => read('rollcall_http_requests_under_way')).toBe(1);
  expect(
    await read(
      'rollcall_http_request_duration_seconds_count{method="POST",route="/batch/:organization/signature_tokens",status="aborted"}',
    ),
  ).toBe(1);
});

test('the work of the store is counted and timed', async () => {
  const { url, bearer, read } = await openMeasured();
  const before = (await read('rollcall_store_duration_seconds_count{work="read"}')) ?? 0;
  await fetch(`${url}/batch/acme/reports`, { headers: { authorization: bearer } });
  expect(await read('rollcall_store_duration_seconds_count{work="read"}')).toBeGreaterThan(before);
  expect(await read('rollcall_store_under_way{work="read"}')).toBe(0);
});

test('the process tells its memory and how late its event loop is', async () => {
  const { read } = await openMeasured();
  expect(await read('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(await read('nodejs_eventloop_lag_p99_seconds')).toBeDefined();
});

test('nothing of a caller is in what is counted', async () => {
  const { url, bearer, scrape } = await openMeasured();
  const paths = ['/batch/acme/reports?page=canary', '/batch/canary/reports', '/canary'];
  for (const path of paths) {
    await fetch(`${url}${path}`, { headers: { authorization: bearer, 'x-request-id': 'canary' } });
  }
  const text = await scrape();
  expect(text).toContain('route="none"');
  for (const secret of ['canary', 'acme', bearer, TOKEN]) expect(text).not.toContain(secret);
});

test('without its token there are no metrics, and without the option not even the path', async () => {
  const { url } = await openMeasured();
  for (const authorization of ['', TOKEN, 'Bearer wrong', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
    const response = await fetch(`${url}/metrics`, { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ id: 'unauthorized' });
  }
  const { get } = await openWorkplace();
  expect((await get('/metrics', `Bearer ${TOKEN}`)).statusCode).toBe(404);
});

test('pages are counted by their list and where they came from', async () => {
  const metrics = createMetrics();
  metrics.pageServed('reports', 'cache');
  metrics.pageServed('reports', 'cache');
  metrics.pageServed('charts', 'unchanged');
  const { text } = await metrics.expose();
  expect(text).toContain('rollcall_pages_total{list="reports",from="cache"} 2');
  expect(text).toContain('rollcall_pages_total{list="charts",from="unchanged"} 1');
});

test('sign-ins that are refused are counted, and which version runs is said', async () => {
  const { url, read } = await openMeasured();
  const body = JSON.stringify({ email: 'nobody@acme.example', password: 'wrong' });
  const headers = { 'content-type': 'application/json', origin: url };
  expect((await fetch(`${url}/api/session`, { method: 'POST', headers, body })).status).toBe(401);
  expect(await read('rollcall_sign_ins_refused_total{by="password"}')).toBe(1);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const info = `rollcall_build_info{version="${version}",node="${process.version}"}`;
  expect(await read(info)).toBe(1);
});
