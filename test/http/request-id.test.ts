import { expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { requestId } from '../../src/http/request-id.ts';
import { openWorkplace } from '../support/workplace.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const idFor = (given: string | string[]) => requestId({ headers: { 'x-request-id': given } });

test.each([
  'f9ed4675f1c53513c61a3b3b4e25b4c0',
  '37c1c424-6af9-4ec2-8633-c1c4c946f61d',
  'Root=1-67891233-abcdef012345678912345678',
  'a',
  'x'.repeat(64),
])('the id %s of a proxy is kept', (id) => {
  expect(idFor(id)).toBe(id);
});

test.each([
  ['empty', ''],
  ['long', 'x'.repeat(65)],
  ['with a space', 'a b'],
  ['with a line end', 'a\nb'],
  ['with a quote', 'a"b'],
  ['not ASCII', 'naïve'],
  ['given twice', 'a, b'],
])('an id that is %s is replaced by a new one', (_, id) => {
  expect(idFor(id)).toMatch(UUID);
});

test('each answer names its request, and no two have the same new id', async () => {
  const { get, send } = await openWorkplace();
  const paths = ['/healthz', '/nowhere', '/batch/acme/reports', '/openapi.json', '/%zz'];
  const ids = [];
  for (const path of paths) ids.push((await get(path)).headers['x-request-id']);
  for (const id of ids) expect(id).toMatch(UUID);
  expect(new Set(ids).size).toBe(paths.length);
  const given = await send({ method: 'GET', url: '/healthz', headers: { 'x-request-id': 'mine' } });
  expect(given.headers['x-request-id']).toBe('mine');
});

test('a fault of the server is answered with the id that its header has', async () => {
  const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  const server = await createHttpServer({ ...options, logLevel: 'silent' }, (app) => {
    app.get('/fault', async () => {
      throw new Error('a fault');
    });
  });
  const response = await server.inject({ url: '/fault', headers: { 'x-request-id': 'mine' } });
  expect(response.statusCode).toBe(500);
  expect(response.json()).toMatchObject({ id: 'internal_error', request_id: 'mine' });
  expect(response.headers['x-request-id']).toBe('mine');
  await server.close();
});
