import { expect, test } from 'vitest';
import { faultOf } from '../support/organization-first.ts';

test.each([
  'select id from organizations where id = ?',
  'select r.id from runs r join schedules s on s.organization_id = r.organization_id where r.organization_id = ?',
  'select 1 from runs where organization_id = ? and exists (select 1 from drafts d where d.organization_id = ?)',
  'select o.id from (select organization_id from runs where organization_id = ?) as q join organizations o on o.id = q.organization_id',
  'insert into drafts (organization_id, number) values (?, ?)',
  'insert into audit_log (organization_id, at) select organizations.id, ? from organizations where organizations.id = ?',
  'update runs set state = ? where organization_id = ? and number = (select number from runs where organization_id = ?)',
  'select token from access_tokens where token = ?',
])('%s asks one node', (sql) => {
  expect(faultOf(sql)).toBeUndefined();
});

test.each([
  'select id from organizations where username = ?',
  'select r.id from runs r join schedules s on s.number = r.schedule_number where r.organization_id = ?',
  'select 1 from runs where organization_id = ? and exists (select 1 from drafts d where d.number = runs.number)',
  'select 1 from runs where organization_id = ? and exists (select 1 from drafts d where d.organization_id = runs.organization_id)',
  'insert into drafts (number, organization_id) values (?, ?)',
  'update runs set state = ? where organization_id = ? and number = (select number from runs where state = ?)',
  'delete from runs',
  'select email from access_tokens t join members m on m.organization_id = t.organization_id where t.organization_id = ?',
  'select * from (select slot from discovery_rows where organization_id = ? union all select slot from replaced_rows) as k',
])('%s does not, and is found', (sql) => {
  expect(faultOf(sql)).toBeDefined();
});

test('a statement about many organizations names them for each table', () => {
  const joined = 'select m.slot from members m join organizations o on o.id = m.organization_id';
  const isAboutMany = true;
  expect(faultOf(`${joined} where m.organization_id = ?`, { isAboutMany })).toBeDefined();
  const both = `${joined} and o.id = ? where m.organization_id = ?`;
  expect(faultOf(both, { isAboutMany })).toBeUndefined();
});
