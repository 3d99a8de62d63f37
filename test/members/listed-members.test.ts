import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { findListedMembers, findListedMembersByEmail } from '../../src/members/listed-members.ts';
import { emails, openAcme } from '../support/acme.ts';
import { putRows } from '../support/rows.ts';

/** A row of the members list as an import brings it. */
const listed = (id: number, email: string | null) => ({
  id,
  token: `m${id}`,
  member_username: `u${id}`,
  member_email: email,
});

async function openWithListed(rows: readonly ReturnType<typeof listed>[]) {
  const workplace = await openAcme();
  const { database, acme } = workplace;
  const slots = await putRows(database, acme, lists.members, rows);
  const byEmail = async (...asked: string[]) =>
    Object.fromEntries(await findListedMembersByEmail(database, acme.id, new Set(asked)));
  return { ...workplace, slots, byEmail };
}

test('members are found by their addresses, whatever their letters: accounts, and who was only listed', async () => {
  const { slots, slotOf, byEmail } = await openWithListed([
    listed(901, null),
    listed(902, 'Carl@Acme.example'),
  ]);
  expect(await byEmail(emails.ana, 'carl@acme.example', 'nobody@acme.example', 'a\0b')).toEqual({
    [emails.ana]: expect.objectContaining({ slot: await slotOf('ana'), role: 'member' }),
    'carl@acme.example': expect.objectContaining({ slot: slots[1], token: 'm902', role: null }),
  });
  expect(await byEmail()).toEqual({});
});

test('who has an account goes before those of the same address who were only listed', async () => {
  const { slotOf, byEmail } = await openWithListed([listed(901, emails.ana)]);
  const slot = await slotOf('ana');
  for (const others of [[], ['nobody@acme.example']])
    expect((await byEmail(emails.ana, ...others))[emails.ana]?.slot).toBe(slot);
});

test('members are found by their slots in the order of the list, each with its role', async () => {
  const { database, acme, slots, slotOf } = await openWithListed([listed(901, null)]);
  const all = [slots[0] as number, await slotOf('ana'), await slotOf('admin')];
  const found = await findListedMembers(database, acme.id, all);
  expect(found.map(({ slot, role }) => [slot, role])).toEqual([
    [all[2], 'admin'],
    [all[1], 'member'],
    [all[0], null],
  ]);
  expect(await findListedMembers(database, acme.id, [])).toEqual([]);
});
