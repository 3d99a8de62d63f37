import { readFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { exchange, listen } from '../support/connection.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const file = (name: string) => fileURLToPath(new URL(`../data/tls/${name}`, import.meta.url));

async function openAcme() {
  const workplace = await openWorkplace({
    tlsCert: file('certificate.pem'),
    tlsKey: file('key.pem'),
  });
  const acme = await makeOrganization(workplace.database);
  const bearer = await makeBearer(workplace.database, acme);
  return { port: await listen(workplace.server), bearer };
}

test('with a certificate and its key the server speaks https', async () => {
  const { port, bearer } = await openAcme();
  const ca = readFileSync(file('certificate.pem'));
  const answer = await new Promise<{ status: number | undefined; body: string }>(
    (resolve, reject) => {
      const url = `https://localhost:${port}/batch/acme/reports`;
      httpsGet(url, { ca, headers: { authorization: bearer }, agent: false }, async (response) => {
        resolve({
          status: response.statusCode,
          body: Buffer.concat(await response.toArray()).toString(),
        });
      }).on('error', reject);
    },
  );
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ pagination: { page: 1 }, reports: [] });
});

test('a client that speaks plain http to it is hung up on, and others are served', async () => {
  const { port } = await openAcme();
  expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')).not.toContain('200');
});
