import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { listen } from '../support/connection.ts';
import { openReport } from '../support/edited-report.ts';
import { readEvents } from '../support/event-reader.ts';
import { testWith } from '../support/machine-tools.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { startNginx } from '../support/start-nginx.ts';
import { waitFor } from '../support/wait-for.ts';

async function openEvents() {
  const opened = await openReport();
  const port = await listen(opened.server);
  const follow = (authorization: string) =>
    readEvents(`http://127.0.0.1:${port}/api/acme/events`, authorization);
  return { ...opened, follow };
}

test('a listener gets events of the reports that it can see, and of no others', async () => {
  const { follow, as, ana, bo, admin, report, reportToken, addQuery, putReport } =
    await openEvents();
  const listeners = { ana: await follow(ana), bo: await follow(bo), admin: await follow(admin) };
  expect(listeners.bo.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const own = await putReport(7, { in: 'own' });
  await addQuery();
  await as.ana('POST', `${report}/runs`, {});
  const draft = { draft: { base_version: 1, content: { name: 'x' } } };
  expect((await as.ana('PUT' as 'POST', `${report}/draft`, draft)).statusCode).toBe(200);
  expect((await as.ana('PUT' as 'POST', `/api/acme/reports/${own}/draft`, draft)).statusCode).toBe(
    200,
  );
  for (const [name, listener] of Object.entries(listeners)) {
    const seen = name === 'bo' ? [reportToken] : [reportToken, own];
    await waitFor(() => {
      expect(listener.of('reports').toSorted()).toEqual(seen.toSorted());
      expect(listener.of('runs')).toEqual([reportToken]);
      expect(listener.of('drafts').toSorted()).toEqual(seen.toSorted());
    });
  }
  expect(listeners.bo.text()).not.toContain(own);
});

test('changes of other processes are sent, also of a deleted report', async () => {
  const { follow, as, bo, acme, config, report, reportToken } = await openEvents();
  const listener = await follow(bo);
  const other = await openStore(config);
  onTestFinished(() => other.close());
  await other.run('update organizations set last_run_number = last_run_number + 1 where id = ?', [
    acme.id,
  ]);
  await as.ana('DELETE', report);
  await waitFor(() => expect(listener.of('reports')).toEqual([reportToken]));
});

test('very many changes at once are one event without their reports', async () => {
  const { follow, bo, database, acme } = await openEvents();
  const listener = await follow(bo);
  const rows = Array.from({ length: 220 }, (_, number) => reportRow(100 + number));
  await putRows(database, acme, lists.reports, rows);
  await waitFor(() => expect(listener.all().some(({ more }) => more)).toBe(true));
});

test('a removed member is disconnected, and refused when it connects again', async () => {
  const { follow, as, ana, bo } = await openEvents();
  const [kept, lost] = [await follow(ana), await follow(bo)];
  const { _embedded } = (await as.admin('GET', '/api/acme/memberships')).json();
  const { token } = _embedded.memberships.find(
    (one: { member_username: string }) => one.member_username === 'bo',
  );
  expect((await as.admin('DELETE', `/api/acme/memberships/${token}`)).statusCode).toBe(200);
  await waitFor(() => expect([lost.isOver(), kept.isOver()]).toEqual([true, true]));
  expect((await follow(bo)).response.status).toBe(401);
  expect((await follow(ana)).response.status).toBe(200);
});

test('streams end when the server stops', async () => {
  const { follow, server, ana } = await openEvents();
  const listener = await follow(ana);
  await server.close();
  await waitFor(() => expect(listener.isOver()).toBe(true));
});

testWith('nginx')('events pass a buffering proxy immediately', async () => {
  const { server, as, ana, report, reportToken } = await openReport();
  const proxy = await startNginx(`http://127.0.0.1:${await listen(server)}`);
  const listener = await readEvents(`${proxy}/api/acme/events`, ana);
  await as.ana('PATCH', report, { report: { description: 'Another' } });
  await waitFor(() => expect(listener.of('reports')).toEqual([reportToken]));
  expect(listener.isOver()).toBe(false);
});
