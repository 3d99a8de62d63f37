import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import { OlderProgramError } from '../database/schema.ts';
import { ApiError, UserError } from '../errors.ts';
import { type StorageFault, storageFaults } from '../storage-fault.ts';
import { anybody, route } from './route.ts';
import { closed } from './schema-parts.ts';
import { reference } from './schema-reference.ts';

const Health = closed(
  { status: Type.Literal('ok', { description: 'Always `ok`.' }) },
  { $id: 'Health', description: 'Always `ok`.', examples: [{ status: 'ok' }] },
);

const Readiness = closed(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')], {
      description:
        '`degraded` if the disk keeps the server from some of its work: reads work, other requests are a 503.',
    }),
    faults: Type.Optional(
      Type.Array(
        closed({
          id: Type.String({
            enum: Object.keys(storageFaults),
            description: 'Stable identifier of the fault.',
          }),
          message: Type.String({ description: 'Description of the fault.' }),
        }),
        { description: 'Faults of the disk; only if the status is `degraded`.' },
      ),
    ),
  },
  {
    $id: 'Readiness',
    description: 'Whether the server accepts requests, and what keeps it from some of its work.',
    examples: [
      { status: 'ok' },
      { status: 'degraded', faults: [{ id: 'disk_full', message: storageFaults.disk_full }] },
    ],
  },
);

type Parts = {
  database: Pick<Database, 'missingMigrations'>;
  storage: { look(): Promise<void>; readonly faults: readonly StorageFault[] };
  /** What else keeps the process from its work; undefined where nothing does. */
  findFault: () => Promise<{ summary: string } | undefined>;
};

/** `GET /healthz`: the process lives. `GET /readyz`: it can answer requests, too. */
export function addHealthRoutes(
  app: FastifyInstance,
  { database, storage, findFault }: Parts,
): void {
  let isStopping = false;
  app.addHook('preClose', async () => {
    isStopping = true;
  });
  app.addSchema(Health);
  app.addSchema(Readiness);
  const common = { tag: 'Server', admits: anybody, isForOperators: true };

  route(app, 'GET', '/healthz', {
    ...common,
    operationId: 'getHealth',
    summary: 'Check liveness',
    description: 'Returns 200 while the process runs. Restart the process if the check fails.',
    answers: { 200: reference(Health, { description: 'The server is alive.' }) },
    refuses: ['headers_too_large'],
    handler: async () => ({ status: 'ok' as const }),
  });
  route(app, 'GET', '/readyz', {
    ...common,
    operationId: 'getReadiness',
    summary: 'Check readiness',
    description:
      'A server is ready if its store is reachable and has the required schema, if it has the key and the files of data ' +
      'sources, and if it is not stopping. ' +
      'Send no requests to a server that is not ready. A server whose disk is full or read-only is ready ' +
      'but `degraded`: it serves what it can.',
    answers: { 200: reference(Readiness, { description: 'The server is ready.' }) },
    refuses: ['headers_too_large', 'busy'],
    handler: async () => {
      if (isStopping) throw notReady('The server is stopping.');
      await storage.look();
      const { needed } = await database.missingMigrations().catch((error: Error) => {
        if (error instanceof OlderProgramError) throw notReady(error.message);
        // What else it says names files of the machine.
        throw error instanceof UserError ? notReady('The store is not a Rollcall store.') : error;
      });
      if (needed.length > 0) throw notReady(`The store lacks migrations: ${needed.join(', ')}.`);
      const fault = await findFault();
      if (fault !== undefined) {
        throw notReady(`${fault.summary} See the log and "rollcall doctor".`);
      }
      const faults = storage.faults.map((id) => ({ id, message: storageFaults[id] }));
      return faults.length === 0
        ? { status: 'ok' as const }
        : { status: 'degraded' as const, faults };
    },
  });
}

function notReady(message: string): ApiError {
  return new ApiError('busy', message);
}
