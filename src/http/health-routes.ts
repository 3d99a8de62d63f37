import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import { ApiError, UserError } from '../errors.ts';
import { errorResponses } from './error-response.ts';
import type { HttpServer } from './http-server.ts';
import { reference } from './schema-reference.ts';

const Health = Type.Object(
  { status: Type.Literal('ok', { description: 'Always `ok`.' }) },
  {
    $id: 'Health',
    description: 'That all is well.',
    additionalProperties: false,
    examples: [{ status: 'ok' }],
  },
);

/** `GET /healthz`: the process lives. `GET /readyz`: it can answer requests, too. */
export function addHealthRoutes(app: HttpServer, { database }: { database: Database }): void {
  let isStopping = false;
  app.addHook('preClose', async () => {
    isStopping = true;
  });
  app.addSchema(Health);
  const schema = { tags: ['Server'], security: [] };
  const config = { isForOperators: true } as const;

  app.get(
    '/healthz',
    {
      config,
      schema: {
        ...schema,
        operationId: 'getHealth',
        summary: 'Ask whether the server lives',
        description:
          'Answers as long as the process does. Whoever supervises it restarts it otherwise.',
        response: {
          200: reference(Health, { description: 'It lives.' }),
          ...errorResponses('headers_too_large'),
        },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: {
        ...schema,
        operationId: 'getReadiness',
        summary: 'Ask whether the server is ready',
        description:
          'Ready is a server whose store answers and has the schema that it needs, and which is not about to stop. ' +
          'Whoever balances the load sends no requests to one that is not.',
        response: {
          200: reference(Health, { description: 'It is ready.' }),
          ...errorResponses('headers_too_large', 'busy'),
        },
      },
    },
    async () => {
      if (isStopping) throw notReady('The server is stopping.');
      const missing = await database.missingMigrations().catch((error: Error) => {
        // The schema is newer than this server knows.
        throw error instanceof UserError ? notReady(error.message) : error;
      });
      if (missing.length > 0) throw notReady(`The store lacks migrations: ${missing.join(', ')}.`);
      return { status: 'ok' as const };
    },
  );
}

function notReady(message: string): ApiError {
  return new ApiError('busy', message);
}
