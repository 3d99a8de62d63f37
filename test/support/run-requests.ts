import { join } from 'node:path';
import { expect } from 'vitest';
import type { StoredRow } from '../../src/inventory/row-store.ts';
import { makeFiles } from './runs.ts';
import { waitFor } from './wait-for.ts';
import { makeBasic, makeOrganization, openWorkplace } from './workplace.ts';

/** An organization whose files are read by a server that runs reports, and a member of it who asks for runs. */
export async function openAcme(flags: Parameters<typeof openWorkplace>[0] = {}) {
  const workplace = await openWorkplace({ runsAtOnce: '2', ...flags });
  const { database, config, send, get } = workplace;
  const acme = await makeOrganization(database);
  const source = await makeFiles(database, acme, join(config.dataDir, 'files'));
  const basic = await makeBasic(database, acme, 'member');
  const post = (url: string, payload?: object, headers: Record<string, string> = {}) =>
    send({
      method: 'POST',
      url,
      headers: { authorization: basic, ...headers },
      ...(payload ? { payload } : {}),
    });
  const runsOf = ({ token }: StoredRow) => `/api/acme/reports/${token}/runs`;
  const ended = (url: string) =>
    waitFor(async () => {
      const run = (await get(url, basic)).json();
      expect(run.state).not.toBe('enqueued');
      return run;
    });
  /** Runs it to its end. */
  const run = async (report: StoredRow, parameters = {}) => {
    const asked = await post(runsOf(report), { parameters });
    expect(asked.statusCode, asked.body).toBe(202);
    return ended(asked.json()._links.self.href);
  };
  return { ...workplace, acme, source, basic, post, runsOf, ended, run };
}
