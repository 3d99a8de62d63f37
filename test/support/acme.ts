import type { LightMyRequestResponse } from 'fastify';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { findMember } from '../../src/members/member-store.ts';
import { getOrMakeOwnSpace } from '../../src/spaces/own-space.ts';
import { putRows, reportRow } from './rows.ts';
import { makeBasic, makeOrganization, openWorkplace } from './workplace.ts';

export const emails = {
  admin: 'admin@acme.example',
  ana: 'ana@acme.example',
  bo: 'bo@acme.example',
} as const;
type Person = keyof typeof emails;

/** The organization acme with an admin, the members ana and bo, a shared space and ana's personal one. */
export async function openAcme(flags: Parameters<typeof openWorkplace>[0] = {}) {
  const workplace = await openWorkplace(flags);
  const { database, send, time } = workplace;
  const acme = await makeOrganization(database);
  const admin = await makeBasic(database, acme, 'admin', emails.admin);
  const ana = await makeBasic(database, acme, 'member', emails.ana);
  const bo = await makeBasic(database, acme, 'member', emails.bo);
  const slotOf = async (person: Person) => {
    const member = await findMember(database, acme.id, emails[person]);
    if (member === undefined) throw new Error(`${person} is no member.`);
    return member.slot;
  };
  const [shared = 0] = await putRows(database, acme, lists.spaces, [
    { id: 1, token: 'finance', name: 'Finance', space_type: 'custom' },
  ]);
  const member = await findMember(database, acme.id, emails.ana);
  if (member === undefined) throw new Error('Ana is no member.');
  const outside = { clock: () => time.nowMs, identifiers: randomIdentifiers };
  const own = await database.transaction((store) =>
    changeRows(store, acme.id, (writer) => getOrMakeOwnSpace(store, writer, acme, member, outside)),
  );

  /** Puts a report with its stats and a query, if it is given SQL; answers its token. */
  const putReport = async (
    number: number,
    {
      row = {},
      sql,
      in: space = 'shared',
    }: { row?: GivenRow; sql?: string; in?: 'shared' | 'own' } = {},
  ): Promise<string> => {
    const isOwn = space === 'own';
    const place = { space_token: isOwn ? own.token : 'finance', space_id: isOwn ? own.id : 1 };
    const report = reportRow(number, { ...place, ...row });
    const token = String(report.token);
    const [parent = 0] = await putRows(database, acme, lists.reports, [report], {
      personal: isOwn,
      parent: isOwn ? own.slot : shared,
    });
    const below = { personal: isOwn, parent };
    const ofReport = { report_id: number, report_token: token };
    await putRows(database, acme, lists.report_stats, [ofReport], below);
    if (sql !== undefined) {
      const query = { id: number, token: `q${token}`, raw_query: sql, ...ofReport, ...place };
      await putRows(database, acme, lists.queries, [query], below);
    }
    return token;
  };
  const call = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    authorization: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> =>
    send({ method, url, headers: { authorization, ...headers }, ...(payload && { payload }) });
  return {
    ...workplace,
    ...{ acme, admin, ana, bo, shared, own, slotOf, putReport, call },
  };
}
