import { expect } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { testWith } from '../support/machine-tools.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { makeBasic, makeBearer, makeOrganization, openOwnWorkplace } from '../support/workplace.ts';

const testOnDisk = testWith('mount');
const METRICS = 'metrics-of-this-test';

/** A server whose data folder is a disk of its own, with 300 reports of which the list and the search file are made. */
async function openOnSmallDisk() {
  const disk = mountSmallDisk(8);
  const workplace = await openOwnWorkplace({ dataDir: disk.path, metricsToken: METRICS });
  const { database, get, send } = workplace;
  const acme = await makeOrganization(database);
  const basic = await makeBasic(database, acme);
  const bearer = await makeBearer(database, acme);
  const rows = Array.from({ length: 300 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows);
  const page = (number: number, perPage = 100) =>
    get(`/batch/acme/reports?page=${number}&per_page=${perPage}`, bearer);
  const create = (name: string, description = '') =>
    send({
      method: 'POST',
      url: '/api/acme/reports',
      headers: { authorization: basic },
      payload: { report: { name, description } },
    });
  /** What is written first may still find room in what SQLite has taken of the disk. */
  const createUntilRefused = async () => {
    for (let number = 1; ; number++) {
      const answer = await create(`Made ${number}`, 'x'.repeat(2_000));
      if (answer.statusCode !== 201) return answer;
    }
  };
  return { ...workplace, disk, acme, basic, bearer, page, create, createUntilRefused };
}

testOnDisk(
  'on a full disk, what can be read is read and the rest is a 503 in its own words',
  async () => {
    const { server, disk, page, get, send, basic, bearer, create, createUntilRefused } =
      await openOnSmallDisk();
    for (const number of [1, 2, 3]) await page(number);
    expect((await get('/api/acme/reports?q=Report', basic)).statusCode).toBe(200);
    disk.fill();

    const refused = await createUntilRefused();
    expect(refused.statusCode, refused.body).toBe(503);
    expect(refused.headers['retry-after']).toBe('30');
    expect(refused.json()).toMatchObject({
      id: 'busy',
      message: expect.stringContaining('quota on it, is full'),
    });
    // Nothing of what is on the disk already has changed since.
    const tokens: string[] = [];
    for (let number = 1; ; number++) {
      const answer = await page(number);
      expect(answer.statusCode).toBe(200);
      const { reports } = answer.json();
      if (reports.length === 0) break;
      tokens.push(...reports.map(({ token }: { token: string }) => token));
    }
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.length).toBeGreaterThanOrEqual(300);
    expect((await get('/api/acme/reports?q=Report', basic)).statusCode).toBe(200);
    expect((await get('/api/verify', basic)).statusCode).toBe(200);

    // A list that was never asked for is made in memory.
    const { members } = (await get('/batch/acme/members', bearer)).json();
    expect(members).toHaveLength(1);
    const signIn = await send({
      method: 'POST',
      url: '/api/session',
      headers: { 'sec-fetch-site': 'same-origin' },
      payload: { email: 'admin@acme.example', password: 'some password or other' },
    });
    expect(signIn.statusCode).toBe(503);

    const ready = await get('/readyz');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({
      status: 'degraded',
      faults: [{ id: 'disk_full', message: 'The disk, or this user’s quota on it, is full.' }],
    });

    const metrics = await server.inject({
      url: '/metrics',
      headers: { authorization: `Bearer ${METRICS}` },
    });
    expect(metrics.body).toContain('rollcall_degraded{cause="disk_full"} 1\n');
    expect(metrics.body).toContain('rollcall_degraded{cause="read_only"} 0\n');

    disk.free();
    await expect.poll(async () => (await get('/readyz')).json()).toEqual({ status: 'ok' });
    expect((await create('After')).statusCode).toBe(201);
    expect((await get('/batch/acme/members', bearer)).statusCode).toBe(200);
  },
);
