import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import type { GivenAnswer } from '../http/answer-again.ts';
import { type Authentication, authenticateReader } from '../http/authenticate.ts';
import { ownOrganization } from '../http/authorize.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { errorResponses } from '../http/error-response.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { parsePaging, singleValue } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { parseQuery } from '../http/query-string.ts';
import { reference } from '../http/schema-reference.ts';
import { sendEncoded } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import type { AskedAgain } from './asked-again.ts';
import { cursorOf } from './change-feed.ts';
import { cursorHeader } from './change-schema.ts';
import { parseIncludeSpaces } from './include-spaces.ts';
import { LINES_TYPE, listLines, wantsLines } from './list-lines.ts';
import { PageLinks, Pagination, pageSchema, pascalCase, rowSchema } from './list-schema.ts';
import { type List, lists } from './lists.ts';
import { type Pages, type SentPage, viewOf } from './pages.ts';
import type { Projections } from './projections.ts';

/** For so long an answer is given again. When a crawl went on and when a token was used are known to the minute. */
const AGAIN_MS = 60 * 1000;

/** The page that was sent, and what was sent with it. */
export type GivenPage = SentPage & Omit<GivenAnswer, 'body'>;

type Parts = {
  database: Database;
  projections: Projections;
  pages: Pages;
  authentication: Authentication;
  /** Remembers what is answered, for `findPageAgain`. */
  askedAgain: AskedAgain<GivenPage>;
};

/** `GET /batch/{organization}/{list}` for each of the six lists. */
export function addListRoutes(app: HttpServer, parts: Parts): void {
  app.addSchema(Pagination);
  app.addSchema(PageLinks);
  for (const list of Object.values(lists)) addListRoute(app, list, parts);
}

/** Finds the page that was sent to who asks in the very same words, as long as it is what would be sent again. */
export function findPageAgain({ askedAgain, pages }: Pick<Parts, 'askedAgain' | 'pages'>) {
  return (request: IncomingMessage): GivenAnswer | undefined => {
    if (!request.url?.startsWith('/batch/')) return undefined;
    const given = askedAgain.find(request);
    const page = given && pages.again(given);
    return page && { ...given, body: page.body };
  };
}

function addListRoute(
  app: HttpServer,
  list: List,
  { database, projections, pages, authentication, askedAgain }: Parts,
): void {
  const page = pageSchema(list);
  const route = `/batch/:organization/${list.name}`;
  app.addSchema(rowSchema(list));
  app.addSchema(page);
  app.get(
    route,
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
      const { etag, position, body, giveBack } = page;
      const isUnchanged = body === undefined;
      reply.code(isUnchanged ? 304 : 200);
      addCacheHeaders(reply);
      reply.header('etag', etag);
      reply.header('rollcall-cursor', cursorOf(organization, position));
      if (!isUnchanged) reply.type('application/json; charset=utf-8');
      if (!isUnchanged && encoding !== 'identity') reply.header('content-encoding', encoding);

      if (giveBack) {
        // Only then has the system taken over the last byte, or nobody waits for it any more.
        reply.raw.once('close', giveBack);
      } else {
        // What is not to be given back lies ready to be sent again.
        const { expiresAt } = caller;
        const expiresMs = expiresAt ? Date.parse(expiresAt) : Number.POSITIVE_INFINITY;
        const untilMs = Math.min(authentication.clock() + AGAIN_MS, expiresMs);
        const given = { etag, position, list, isUnchanged, route, ...whatIsSent(reply) };
        askedAgain.remember(request.raw, given, untilMs);
      }
      return reply.send(body);
    },
  );
}

/** The status and the headers of an answer, but for what is of one request only. */
function whatIsSent(reply: FastifyReply): Pick<GivenAnswer, 'status' | 'headers'> {
  const { 'x-request-id': _, ...headers } = reply.getHeaders();
  return { status: reply.statusCode, headers: Object.entries(headers).flat().map(String) };
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
