import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { onResponseEnd } from '../http/on-response-end.ts';
import { wholeNumber } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import type { HeadWatch } from '../inventory/head-watch.ts';
import { type Listener, ReportEvents } from './report-events.ts';

/** Proxies close a connection that is silent for a minute, some sooner. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it connects again. */
const RETRY_MS = 2_000;
/** A listener has to authenticate again after this time. */
const MAX_SECONDS = 60 * 60;
/** A listener that has not read this many bytes is disconnected. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** `GET /api/{organization}/events`: a stream of what happens in reports, for open pages. */
export function addEventRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    heads,
  }: { database: Database; authentication: Authentication; heads: HeadWatch },
): void {
  const events = new ReportEvents(database, heads);
  const streams = new Set<EventStream>();
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, HEARTBEAT_MS).unref();
  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    for (const stream of streams) stream.end();
  });
  route(app, 'GET', '/api/:organization/events', {
    tag: 'Reports',
    admits: admit(app, authentication).members,
    operationId: 'followEvents',
    summary: 'Stream report events',
    description:
      'Server-sent events, for as long as the connection is open. The first event is `ready`: from then on, an event ' +
      '`reports` follows within a second of everything that happens in reports that you may see. Its data has tokens of ' +
      'reports: `reports` were created, changed, archived, deleted, viewed or run; someone requested a run of `runs`, and ' +
      'saved a draft of `drafts`; `more` is true if more happened than is listed. Read the details as usual. Events are ' +
      'not stored: after each `ready`, what you read before may be out of date. A comment is sent every 15 seconds. The ' +
      'server ends the connection when it stops, when access changes in the organization, and after `seconds`; connect ' +
      'again.',
    params: OrganizationPath,
    query: {
      schema: querySchema,
      read: (query) => {
        const range = { least: 0, most: MAX_SECONDS, otherwise: MAX_SECONDS };
        return { seconds: wholeNumber(query, 'seconds', range) };
      },
    },
    answers: {
      200: {
        description: 'Events, as they happen.',
        content: { 'text/event-stream': { schema: Type.String() } },
      },
    },
    handler: async (request, reply) => {
      const { organization, member } = callerOf(request);
      const stream = new EventStream(request.query.seconds);
      const leave = new AbortController();
      stream.once('close', () => {
        streams.delete(stream);
        leave.abort();
      });
      onResponseEnd(reply.raw, () => stream.destroy());
      const listener: Listener = {
        isAdmin: member?.role === 'admin',
        memberSlot: member?.slot ?? null,
        access: organization.accessChanges,
        send: (event) => stream.send('reports', event),
        end: () => stream.end(),
      };
      try {
        await events.listen(organization.id, listener, leave.signal);
      } catch (error) {
        stream.destroy();
        throw error;
      }
      streams.add(stream);
      stream.send('ready', {});
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          // Otherwise nginx buffers events.
          .header('x-accel-buffering', 'no')
          .send(stream)
      );
    },
  });
}

/** The events for one listener. */
class EventStream extends Readable {
  readonly #end: NodeJS.Timeout;
  #isOver = false;

  constructor(seconds: number) {
    super({ read() {} });
    this.#end = setTimeout(() => this.end(), seconds * 1000).unref();
    this.once('close', () => clearTimeout(this.#end));
    this.#write(`retry: ${RETRY_MS}\n\n`);
  }

  send(event: string, data: object): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  beat(): void {
    this.#write(': still here\n\n');
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }

  #write(text: string): void {
    if (this.#isOver || this.destroyed) return;
    if (this.readableLength > MAX_UNREAD_BYTES) this.destroy();
    else this.push(text);
  }
}

const querySchema = Type.Object({
  seconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_SECONDS,
      default: MAX_SECONDS,
      description: 'After how many seconds the server ends the stream.',
    }),
  ),
});
