import { describe, expect, test } from 'vitest';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { openImportPlace } from '../support/import-place.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const BO = 'bo@here.example';
type Place = Pick<
  Awaited<ReturnType<typeof openWorkplace>>,
  'database' | 'send' | 'get' | 'time'
> & { organization: Awaited<ReturnType<typeof makeOrganization>> };

async function openHere(): Promise<Place> {
  const workplace = await openWorkplace();
  return { ...workplace, organization: await makeOrganization(workplace.database, 'here') };
}

/** What somebody finds who signs in: their membership, spaces, reports and the draft of one. */
async function findOwn({ get }: Place, authorization: string, report: string) {
  const json = async (path: string) => (await get(path, authorization)).json();
  const { token, _links } = await json('/api/account');
  const { _embedded } = await json('/api/here/spaces?filter=mine');
  const draft = await get(`${report}/draft`, authorization);
  const unpublished = await json('/api/here/unpublished_reports');
  return {
    person: token,
    membership: _links.self.href,
    spaces: _embedded.spaces.map((space: { token: string }) => space.token),
    name: (await json(report)).name,
    draft: draft.statusCode === 200 && draft.json().content.name,
    unpublished: unpublished._embedded.unpublished_reports.length,
  };
}

/** A member with a report in a personal space and a draft of it, removed and added again. */
async function leaveAndReturn(place: Place, meanwhile = async () => {}) {
  const { database, send, organization, time } = place;
  const add = () => makeBasic(database, organization, 'member', BO);
  const bo = await add();
  const call = (method: 'POST' | 'PUT', url: string, payload: object, authorization = bo) =>
    send({ method, url, headers: { authorization }, payload });
  const made = await call('POST', '/api/here/reports', { report: { name: 'Mine' } });
  const report = made.json()._links.self.href;
  const content = { name: 'Not yet', description: null, queries: [], layout: null };
  const { content: saved } = (await place.get(`${report}/content`, bo)).json();
  const draft = { base_version: 1, content: { ...saved, name: content.name } };
  expect((await call('PUT', `${report}/draft`, { draft })).statusCode).toBe(200);
  const begun = { unpublished_report: { content: { queries: [] } } };
  expect((await call('POST', '/api/here/unpublished_reports', begun)).statusCode).toBe(201);
  const before = await findOwn(place, bo, report);
  expect(before).toMatchObject({ name: 'Mine', draft: 'Not yet', unpublished: 1 });

  const member = await findMember(database, organization.id, BO);
  if (member === undefined) throw new Error('There is no such member.');
  await removeMember(database, organization.id, member, { clock: () => time.nowMs });
  await meanwhile();
  expect((await place.get('/api/account', bo)).statusCode).toBe(401);
  const again = await add();
  // What was taken away stays so.
  expect((await place.get('/api/account', bo)).statusCode).toBe(401);
  return { before, after: await findOwn(place, again, report) };
}

describe('a member who was removed and is added again', () => {
  test('had a second space, and not the first one, its reports and drafts', async () => {
    const place = await openHere();
    const bearer = await makeBearer(place.database, place.organization);
    const listed = async () =>
      (await place.get('/batch/here/members?include_spaces=all', bearer)).json().members;
    const { before, after } = await leaveAndReturn(place, async () => {
      expect(await listed()).toEqual([]);
    });
    expect(after).toEqual(before);
    expect(await listed()).toMatchObject([{ member_email: BO, state: 'active' }]);
  });

  test('finds it all after what was removed is forgotten, too', async () => {
    const place = await openHere();
    const { before, after } = await leaveAndReturn(place, async () => {
      await purgeRemoved(place.database, place.organization.id, '9999', () => false);
    });
    expect(after).toEqual(before);
  });

  const boThere = { id: 7, token: 'bo-there', member_email: 'Bo@Here.example', state: 'active' };
  test.each([
    ['whom an import had listed before', [boThere], []],
    ['whom an import has listed meanwhile', [], [{ ...boThere, token: 'other', id: 8 }]],
    ['whom an import lists again', [boThere], [boThere]],
  ])('%s finds it all', async (_, first, meanwhile) => {
    const here = await openImportPlace();
    const others = [{ id: 1, token: 'cy', member_email: 'cy@here.example', state: 'active' }];
    await here.import({ members: [...others, ...first] });
    const { before, after } = await leaveAndReturn(here, async () => {
      await here.import({ members: [...others, ...meanwhile] });
    });
    expect(after).toEqual(before);
    if (first.length > 0) expect(after.membership).toBe('/api/here/members/bo-there');
    // The next import leaves the member alone.
    await here.import({ members: [...others, ...meanwhile] });
    const { members } = { members: await here.list('members') };
    expect(members).toContainEqual(
      expect.objectContaining({ token: after.membership.split('/').at(-1) }),
    );
  });

  test('has the role that was given, and is one member', async () => {
    const { database, organization, time } = await openHere();
    await makeBasic(database, organization, 'admin', BO);
    for (const role of ['member', 'admin', 'member'] as const) {
      const member = await findMember(database, organization.id, BO);
      if (member)
        await removeMember(database, organization.id, member, { clock: () => time.nowMs });
      await makeBasic(database, organization, role, BO);
      const added = await findMember(database, organization.id, BO);
      expect(added).toMatchObject({ slot: member?.slot, role });
    }
    expect(await database.all('select * from former_members')).toEqual([]);
  });
});
