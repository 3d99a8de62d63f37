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
import { type Listener, ReportNews } from './report-news.ts';

/** Proxies give a connection up on which nothing comes for a minute, some sooner. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it connects again. */
const RETRY_MS = 2_000;
/** The longest that a listener is not asked for a credential again. */
const MOST_SECONDS = 60 * 60;
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
        const range = { least: 0, most: MOST_SECONDS, otherwise: MOST_SECONDS };
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
        tell: (told) => stream.tell('reports', told),
        end: () => stream.end(),
      };
      try {
        await news.listen(organization.id, listener, leave.signal);
      } catch (error) {
        stream.destroy();
        throw error;
      }
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
  readonly #end: NodeJS.Timeout;
  #isOver = false;

  constructor(seconds: number) {
    super({ read() {} });
    this.#end = setTimeout(() => this.end(), seconds * 1000).unref();
    this.once('close', () => clearTimeout(this.#end));
    this.#send(`retry: ${RETRY_MS}\n\n`);
  }

  tell(event: string, data: object): void {
    this.#send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  beat(): void {
    this.#send(': still here\n\n');
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

const querySchema = Type.Object({
  seconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MOST_SECONDS,
      default: MOST_SECONDS,
      description: 'After how many seconds the server ends the stream.',
    }),
  ),
});
