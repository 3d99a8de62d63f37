import { type FastifyInstance, fastify } from 'fastify';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { halResponse } from '../../src/http/hal.ts';
import { readsQuery } from '../../src/http/query-string.ts';
import { type Admission, anybody, route } from '../../src/http/route.ts';
import { closed } from '../../src/http/schema-parts.ts';

const words = { tag: 'Things', operationId: 'do', summary: 'Do', description: 'Does it.' };
const keyHolders: Admission = {
  onRequest: async ({ headers }) => {
    if (headers.key !== 'right') throw Object.assign(new Error('No.'), { statusCode: 401 });
  },
  security: [{ key: [] }],
  refuses: ['unauthorized'],
};
const Thing = closed({ name: Type.String() });

function open(add: (app: FastifyInstance) => void) {
  const app = fastify();
  app.setSerializerCompiler(() => JSON.stringify);
  const added: { url: string; schema: unknown }[] = [];
  app.addHook('onRoute', ({ url, schema, method }) => {
    if (method !== 'HEAD') added.push({ url, schema });
  });
  add(app);
  return { app, schema: added[0]?.schema as { response: object; security: unknown } };
}

describe('a route', () => {
  test('says whom it refuses, and with what: who is not admitted, a path of nothing, a body', () => {
    const { schema } = open((app) =>
      route(app, 'PATCH', '/api/things/:thing', {
        ...words,
        admits: keyHolders,
        params: Type.Object({ thing: Type.String() }),
        body: Thing,
        answers: { 200: halResponse('The thing.', Thing) },
        refuses: ['conflict'],
        handler: async ({ body }) => body,
      }),
    );
    expect(Object.keys(schema.response)).toEqual(['200', '401', '404', '409', '413', '415', '503']);
    expect(schema.security).toEqual([{ key: [] }]);
  });

  test('runs for who is admitted alone', async () => {
    const { app } = open((to) =>
      route(to, 'GET', '/things', {
        ...words,
        admits: keyHolders,
        answers: { 200: Thing },
        handler: async () => ({ name: 'one' }),
      }),
    );
    expect((await app.inject('/things')).statusCode).toBe(401);
    const admitted = await app.inject({ url: '/things', headers: { key: 'right' } });
    expect(admitted.json()).toEqual({ name: 'one' });
  });

  test('answers what its handler returns with the status and the media type that it says', async () => {
    const { app } = open((to) => {
      route(to, 'POST', '/things', {
        ...words,
        admits: anybody,
        body: Thing,
        answers: { 201: halResponse('The new thing.', Thing) },
        handler: async ({ body }) => body,
      });
      route(to, 'DELETE', '/things', {
        ...words,
        admits: anybody,
        answers: { 204: Type.Null({ description: 'It is deleted.' }) },
        handler: async () => null,
      });
    });
    const made = await app.inject({ method: 'POST', url: '/things', payload: { name: 'one' } });
    expect(made.statusCode).toBe(201);
    expect(made.headers['content-type']).toBe('application/hal+json; charset=utf-8');
    expect(made.json()).toEqual({ name: 'one' });
    const removed = await app.inject({ method: 'DELETE', url: '/things' });
    expect([removed.statusCode, removed.body]).toEqual([204, '']);
  });

  test('leaves alone what its handler sends', async () => {
    const { app } = open((to) =>
      route(to, 'GET', '/things', {
        ...words,
        admits: anybody,
        query: readsQuery(Type.Object({ as: Type.String() })),
        answers: { 200: halResponse('The thing.', Thing), 304: Type.Unsafe<undefined>({}) },
        handler: async ({ query }, reply) =>
          query.get('as')?.at(-1) === 'text'
            ? reply.type('text/plain').send('one')
            : reply.code(304).send(),
      }),
    );
    const text = await app.inject('/things?as=text');
    expect([text.statusCode, text.headers['content-type'], text.body]).toEqual([
      200,
      'text/plain',
      'one',
    ]);
    expect((await app.inject('/things?as=nothing')).statusCode).toBe(304);
  });
});
