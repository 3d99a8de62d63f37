import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { insertOidcIdentity } from '../../src/sessions/oidc-identity-store.ts';
import { signIn } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

test('of several accounts that had come to open one member the first stays, and the member is signed out', async () => {
  if (inject('isCitus')) return; // no store was distributed at that time
  const workplace = await openWorkplace();
  const { database, config } = workplace;
  const acme = await makeOrganization(database);
  const ana = await signIn(workplace, acme);
  const bo = await signIn(workplace, acme, { email: 'bo@acme.example' });
  const link = (subject: string, { slot }: { slot: number }, day: number, issuer = 'https://a') =>
    insertOidcIdentity(database, acme.id, {
      ...{ issuer, subject, memberSlot: slot },
      createdAt: `2026-11-0${day}T00:00:00.000Z`,
    });
  await database.run('drop index oidc_identities_one');
  await link('late', ana.member, 3);
  await link('first', ana.member, 1);
  await link('later', ana.member, 2);
  await link('elsewhere', ana.member, 4, 'https://b');
  await link('only', bo.member, 5);

  const store = config.databaseUrl === undefined ? 'sqlite' : 'postgres';
  const path = `../../migrations/${store}/018-identity.sql`;
  const sql = readFileSync(new URL(path, import.meta.url), 'utf8').replaceAll(/^--.*$/gm, '');
  const statements = sql.split(/;\n/).filter((one) => /delete from|oidc_identities_one/.test(one));
  expect(statements).toHaveLength(3);
  await database.transaction(async (store) => {
    for (const statement of statements) await store.run(statement);
  });

  const kept = await database.all('select subject from oidc_identities order by created_at');
  expect(kept).toEqual([{ subject: 'first' }, { subject: 'elsewhere' }, { subject: 'only' }]);
  const isIn = async ({ browse }: typeof ana) =>
    (await browse({ url: '/api/session' })).json().session !== null;
  expect([await isIn(ana), await isIn(bo)]).toEqual([false, true]);
  await expect(link('another', bo.member, 6)).rejects.toThrow();
});
