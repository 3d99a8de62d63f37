import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { disconnectSignal } from '../http/abort-on-disconnect.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import type { HeadWatch } from '../inventory/head-watch.ts';
import { ReportsEvent } from './event-schema.ts';
import { ReportNews } from './report-news.ts';

/** Proxies give a connection up on which nothing comes for a minute, some sooner. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it connects again. */
const RETRY_MS = 2_000;
/** The longest that a listener is not asked for a credential again. */
const LONGEST_MS = 60 * 60 * 1000;
/** A listener that leaves as many bytes unread is gone, or cannot keep up. */
const MOST_UNREAD = 256 * 1024;

/** `GET /api/{organization}/events`, by which open pages learn what happens in reports. */
export function addEventRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    heads,
  }: { database: Database; authentication: Authentication; heads: HeadWatch },
): void {
  const news = new ReportNews(database, heads);
  const streams = new Set<EventStream>();
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, HEARTBEAT_MS).unref();
  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    for (const stream of streams) stream.end();
  });
  app.addSchema(ReportsEvent);
  route(app, 'GET', '/api/:organization/events', {
    tag: 'Reports',
    admits: admit(app, authentication).members,
    operationId: 'followEvents',
    summary: 'Follow events in reports',
    description:
      'Server-sent events, for as long as the connection is open. The first event is `ready`: from then on, an event ' +
      '`reports` (see the schema `ReportsEvent`) follows within a second of whatever happens in reports that you may ' +
      'see. It says where something happened, not what: read that as you usually do. Events are not kept: after each ' +
      '`ready`, what you read before may be out of date. A comment is sent every 15 seconds. The server ends the ' +
      'connection when it stops, when access changes in the organization, and after an hour; connect again.',
    params: OrganizationPath,
    answers: {
      200: {
        description: 'Events, as they happen.',
        content: { 'text/event-stream': { schema: Type.String() } },
      },
    },
    handler: async (request, reply) => {
      const { organization, member } = callerOf(request);
      const stream = new EventStream();
      const over = disconnectSignal(reply.raw);
      const leave = new AbortController();
      stream.once('close', () => {
        streams.delete(stream);
        leave.abort();
      });
      over.addEventListener('abort', () => stream.destroy());
      await news.listen(
        organization.id,
        {
          isAdmin: member?.role === 'admin',
          memberSlot: member?.slot ?? null,
          access: organization.accessChanges,
          tell: (told) => stream.tell('reports', told),
          end: () => stream.end(),
        },
        AbortSignal.any([over, leave.signal]),
      );
      streams.add(stream);
      stream.tell('ready', {});
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          // Without it nginx holds events back until it has a few kilobytes of them.
          .header('x-accel-buffering', 'no')
          .send(stream)
      );
    },
  });
}

/** Events on their way to one listener. */
class EventStream extends Readable {
  readonly #untilMs = performance.now() + LONGEST_MS;
  #isOver = false;

  constructor() {
    super({ read() {} });
    this.#send(`retry: ${RETRY_MS}\n\n`);
  }

  tell(event: string, data: object): void {
    this.#send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  beat(): void {
    if (performance.now() > this.#untilMs) this.end();
    else this.#send(': still here\n\n');
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }

  #send(text: string): void {
    if (this.#isOver || this.destroyed) return;
    if (this.readableLength > MOST_UNREAD) this.destroy();
    else this.push(text);
  }
}
