import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import { type Authentication, authenticateReader } from '../http/authenticate.ts';
import { ownOrganization } from '../http/authorize.ts';
import { chooseEncoding, type Encoding } from '../http/content-encoding.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { errorResponses } from '../http/error-response.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { parsePaging, singleValue } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { parseQuery } from '../http/query-string.ts';
import { reference } from '../http/schema-reference.ts';
import { sendEncoded } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { AskedAgain } from './asked-again.ts';
import { cursorOf } from './change-feed.ts';
import { cursorHeader } from './change-schema.ts';
import { parseIncludeSpaces } from './include-spaces.ts';
import { LINES_TYPE, listLines, wantsLines } from './list-lines.ts';
import { PageLinks, Pagination, pageSchema, pascalCase, rowSchema } from './list-schema.ts';
import { type List, lists } from './lists.ts';
import { type Page, type Pages, type SentPage, viewOf } from './pages.ts';
import type { Projections } from './projections.ts';

/** For so long an answer is given again. When a crawl went on and when a token was used are known to the minute. */
const AGAIN_MS = 60 * 1000;

/** A page that was sent, and how. */
type Sent = SentPage & { cursor: string; encoding: Encoding };

type Parts = {
  database: Database;
  projections: Projections;
  pages: Pages;
  authentication: Authentication;
  /** Every store that an answer depends on. */
  stores: readonly Database[];
};

/** `GET /batch/{organization}/{list}` for each of the six lists. */
export function addListRoutes(app: HttpServer, parts: Parts): void {
  app.addSchema(Pagination);
  app.addSchema(PageLinks);
  const askedAgain = new AskedAgain<Sent>(parts.stores, parts.authentication.clock);
  for (const list of Object.values(lists)) addListRoute(app, list, parts, askedAgain);
}

function addListRoute(
  app: HttpServer,
  list: List,
  { database, projections, pages, authentication }: Parts,
  askedAgain: AskedAgain<Sent>,
): void {
  const page = pageSchema(list);
  app.addSchema(rowSchema(list));
  app.addSchema(page);
  app.get(
    `/batch/:organization/${list.name}`,
    {
      schema: {
        operationId: `list${pascalCase(list.name)}`,
        tags: ['Discovery'],
        summary: `List ${list.name.replace('_', ' ')}`,
        description: describe(list),
        params: OrganizationPath,
        querystring: querySchema(list),
        response: {
          200: {
            description:
              'A page of the list; one past the end is without rows. Or the whole list as lines.',
            headers: cursorHeader,
            content: {
              'application/json': { schema: reference(page) },
              [LINES_TYPE]: { schema: Type.String({ description: 'One row a line, as JSON.' }) },
            },
          },
          304: Type.Unsafe<undefined>({
            type: 'null',
            description: 'The page is the one that If-None-Match names.',
          }),
          ...errorResponses('bad_request', 'unauthorized', 'forbidden', 'not_found'),
        },
        security: [{ signatureToken: [] }],
      },
      // The query string is read as clients write it, which no schema can say; see parseQuery.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const question = askedAgain.questionOf(request.raw.url ?? '', request.headers);
      const sent = question && askedAgain.find(question);
      const again = sent && pages.again(sent);
      if (again) return sendPage(reply, sent, again);

      const caller = await authenticateReader(authentication, request);
      const organization = ownOrganization(caller, request.params.organization);
      const query = parseQuery(request.raw.url ?? '');
      const paging = parsePaging(query);
      const includeSpaces = parseIncludeSpaces(query, caller);
      const encoding = chooseEncoding(request.headers['accept-encoding']);
      if (wantsLines(request.headers.accept)) {
        const after = singleValue(query, 'after', 'the token of a row');
        const view = viewOf(list, includeSpaces);
        const { lines, position } = await listLines(
          { database, projections },
          { organization, list, view, after },
        );
        reply.header('rollcall-cursor', cursorOf(organization, position));
        addCacheHeaders(reply);
        reply.type(LINES_TYPE);
        return sendEncoded(reply, lines, encoding);
      }
      const page = await pages.get({
        ...paging,
        organization,
        list,
        includeSpaces,
        token: caller.token,
        encoding,
        isKnown: (candidate) => matchesEtag(request.headers['if-none-match'], candidate),
      });
      const { etag, position, body } = page;
      const cursor = cursorOf(organization, position);
      const asSent = { etag, position, list, isUnchanged: body === undefined, cursor, encoding };
      if (question) {
        const expiresMs = caller.expiresAt
          ? Date.parse(caller.expiresAt)
          : Number.POSITIVE_INFINITY;
        const untilMs = Math.min(authentication.clock() + AGAIN_MS, expiresMs);
        askedAgain.remember(question, asSent, untilMs);
      }
      return sendPage(reply, asSent, page);
    },
  );
}

function sendPage(
  reply: FastifyReply,
  { etag, cursor, encoding }: Sent,
  { body, giveBack }: Page,
): FastifyReply {
  // Only then has the system taken over the last byte, or nobody waits for it any more.
  if (giveBack) reply.raw.once('close', giveBack);
  addCacheHeaders(reply);
  reply.header('etag', etag);
  reply.header('rollcall-cursor', cursor);
  if (body === undefined) return reply.code(304).send(undefined);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type('application/json; charset=utf-8').send(body);
}

function addCacheHeaders(reply: FastifyReply): void {
  reply.header('cache-control', 'private, no-cache');
  addVary(reply, 'Accept, Accept-Encoding');
}

function describe(list: List): string {
  const personal = list.followsSpaces
    ? 'What lies in members’ personal spaces is listed only with `include_spaces=all`.'
    : 'This list is always whole, whatever `include_spaces` says.';
  return (
    `${list.summary} ${personal}\n\n` +
    'Rows come in the order in which the organization got them, which never changes. Parameters that are not ' +
    'described here are ignored.'
  );
}

function querySchema(list: List) {
  const includeSpaces = list.followsSpaces
    ? 'With `all`, what lies in members’ personal spaces is listed too.'
    : 'Accepted as for the other lists; this list is always whole.';
  return Type.Object({
    page: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Which page.' })),
    per_page: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: 1000,
        description: 'How many rows a page has at most.',
        examples: [1],
      }),
    ),
    include_spaces: Type.Optional(Type.String({ enum: ['all'], description: includeSpaces })),
    after: Type.Optional(
      Type.String({
        description: `With Accept: ${LINES_TYPE}: the token of the row after which to go on.`,
      }),
    ),
  });
}
