import { inject } from 'light-my-request';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgres } from '../../src/database/postgres.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { createServer } from '../../src/server.ts';
import { openAcme } from '../support/acme.ts';
import { temporaryFolder } from '../support/workplace.ts';

/** Three reports, and a server that does not wait long for what another writer holds. */
async function openPlace() {
  const { config, database, time, acme, admin, putReport } = await openAcme();
  const tokens: string[] = [];
  for (const number of [1, 2, 3]) tokens.push(await putReport(number));
  const impatient = openPostgres(config.databaseUrl as string, { waitMs: 100 });
  const server = await createServer({ ...config, dataDir: temporaryFolder() }, impatient, {
    clock: () => time.nowMs,
    identifiers: randomIdentifiers,
  });
  await server.ready();
  onTestFinished(async () => {
    await server.close();
    await impatient.close();
  });
  const bulk = (payload: object) =>
    inject((from, to) => void server.server.emit('request', from, to), {
      method: 'POST',
      url: '/api/acme/reports/bulk',
      headers: { authorization: admin },
      payload,
    });
  const changes = tokens.map((report) => ({ report, archived: true }));
  /** Sends the changes while another writer holds a report. */
  const whileHeld = (token: string) =>
    database.transaction(async (store) => {
      await store.get(
        'select slot from discovery_rows where organization_id = ? and list = ? and token = ? for update',
        [acme.id, lists.reports.number, token],
      );
      return bulk({ bulk: { changes } });
    });
  return { tokens, bulk, whileHeld };
}

test('a store that became busy half way was a 503, though some was changed, and left no way back', async () => {
  const { tokens, bulk, whileHeld } = await openPlace();
  const response = await whileHeld(tokens[1] as string);
  expect(response.statusCode, response.body).toBe(200);
  const refused = {
    state: 'refused',
    error_id: 'busy',
    error_message: 'Another process is writing to the store. Nothing was changed.',
  };
  const answer = response.json();
  expect(answer).toMatchObject({ changed: 1, results: [{ state: 'changed' }, refused, refused] });
  expect(answer.undo).toEqual({ bulk: { changes: [{ report: tokens[0], archived: false }] } });
  expect((await bulk(answer.undo)).json().changed).toBe(1);
});

test('a store that is busy before anything was changed is a 503', async () => {
  const { tokens, bulk, whileHeld } = await openPlace();
  const response = await whileHeld(tokens[0] as string);
  expect([response.statusCode, response.json().id]).toEqual([503, 'busy']);
  const changes = tokens.map((report) => ({ report, archived: true }));
  expect((await bulk({ bulk: { changes } })).json().changed).toBe(3);
});
