import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { ApiError } from '../errors.ts';
import { hasIgnoredFields } from './ignored-fields.ts';
import type { Paging } from './paging.ts';
import { closed, links } from './schema-parts.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What the public URL has for a path; nothing where it has none. */
    basePath: string;
  }
}

/** The media type of the REST API's answers: HAL, https://datatracker.ietf.org/doc/html/draft-kelly-json-hal. */
export const HAL = 'application/hal+json; charset=utf-8';

/** A link in `_links`. */
export const Link = (description: string) =>
  closed({ href: Type.String({ description: 'Path, relative to the host.' }) }, { description });

/** A link in `_links` whose path has a name in braces for its reader to replace. */
export const TemplatedLink = (description: string) =>
  closed(
    {
      href: Type.String({ description: 'Path, relative to the host, with a name in braces.' }),
      templated: Type.Literal(true, {
        description: 'Whether the link has a name in braces to replace.',
      }),
    },
    { description },
  );

/** The response of an operation that answers one thing, or a list, in HAL. */
export function halResponse<Schema extends TSchema>(description: string, schema: Schema) {
  return { description, content: { 'application/hal+json': { schema } } };
}

const Pagination = closed(
  {
    page: Type.Integer(),
    per_page: Type.Integer(),
    count: Type.Integer({ description: 'Number of items on this page.' }),
    total_pages: Type.Integer(),
    total_count: Type.Integer(),
  },
  { description: 'Place of this page in the list.' },
);

/** The schema of a list of the REST API: its things stand in `_embedded` under their name. */
export function halList<Name extends string, Item extends TSchema>(name: Name, item: Item) {
  return closed({
    pagination: Pagination,
    _embedded: closed(named(name, Type.Array(item))),
    _links: links({
      self: Link('This page.'),
      next_page: Type.Optional(Link('The next page; absent on the last page.')),
      prev_page: Type.Optional(Link('The previous page; absent on the first page.')),
    }),
  });
}

/** The schema of a list that holds nothing. */
export function emptyList<Key extends string>(key: Key) {
  return halList(key, Type.Object({}, { description: 'Never present: the list is always empty.' }));
}

/** An object with one field. TypeScript takes a computed name for any text. */
const named = <Name extends string, Value>(name: Name, value: Value) =>
  ({ [name]: value }) as Record<Name, Value>;

/** The part of `items` that a page shows, as a list of the REST API. */
export function pageOf<Name extends string, Item>(
  name: Name,
  path: string,
  items: readonly Item[],
  { page, perPage }: Paging,
) {
  const from = (page - 1) * perPage;
  return toHalList(name, path, items.slice(from, from + perPage), items.length, { page, perPage });
}

/**
 * A list of the REST API.
 *
 * @param path of the list, with the parameters that all its pages share.
 * @param shown what stands on this page.
 * @param total how many things the whole list holds.
 */
export function toHalList<Name extends string, Item>(
  name: Name,
  path: string,
  shown: readonly Item[],
  total: number,
  { page, perPage }: Paging,
) {
  const totalPages = Math.ceil(total / perPage);
  const at = (number: number) => ({
    href: `${path}${path.includes('?') ? '&' : '?'}page=${number}&per_page=${perPage}`,
  });
  return {
    pagination: {
      page,
      per_page: perPage,
      count: shown.length,
      total_pages: totalPages,
      total_count: total,
    },
    _embedded: named(name, [...shown]),
    _links: {
      self: at(page),
      ...(page < totalPages ? { next_page: at(page + 1) } : {}),
      ...(page > 1 ? { prev_page: at(page - 1) } : {}),
    },
  };
}

type HalList = ReturnType<typeof toHalList<string, unknown>>;

/**
 * Sends a list thing by thing, as what each of its things holds may be large: others have their turn in between, and no
 * more than a few things are held at once.
 *
 * @param things that stand in the list, where those of `list` only stand for them.
 */
export function sendInPieces(
  reply: FastifyReply,
  list: HalList,
  things: AsyncIterable<unknown>,
): FastifyReply {
  const { basePath } = reply.server;
  return reply.type(HAL).send(Readable.from(piecesOf(list, things, basePath)));
}

/** The same for a list that is there already. */
export async function sendLargeList(reply: FastifyReply, list: HalList): Promise<FastifyReply> {
  const pieces: Buffer[] = [];
  const things = Object.values(list._embedded)[0] ?? [];
  for await (const piece of piecesOf(list, things, reply.server.basePath)) {
    pieces.push(Buffer.from(piece));
  }
  return reply.type(HAL).send(Buffer.concat(pieces));
}

async function* piecesOf(
  { _embedded, ...about }: HalList,
  things: Iterable<unknown> | AsyncIterable<unknown>,
  basePath: string,
): AsyncGenerator<string> {
  const [name = ''] = Object.keys(_embedded);
  yield `${JSON.stringify(below(about, basePath)).slice(0, -1)},"_embedded":{${JSON.stringify(name)}:[`;
  let isFirst = true;
  for await (const thing of things) {
    yield `${isFirst ? '' : ','}${JSON.stringify(below(thing, basePath))}`;
    isFirst = false;
    await nextTurn();
  }
  yield ']}}';
}

/** The whole of a list that has no pages, whatever page is asked for, as real servers answer some of their lists. */
export function wholeList<Name extends string, Item>(
  name: Name,
  path: string,
  items: readonly Item[],
) {
  const whole = toHalList(name, path, items, items.length, {
    page: 1,
    perPage: Math.max(items.length, 1),
  });
  return { ...whole, _links: { self: { href: path } } };
}

type Resource = { _links?: Record<string, unknown>; _embedded?: Record<string, unknown> };

/**
 * Lets the links of every HAL answer begin with the path of the public URL: what answers need not know it. Only what HAL
 * says to be a link is one, and nothing that somebody has written.
 */
export function linkBelow(app: FastifyInstance, basePath: string): void {
  app.decorate('basePath', basePath);
  if (basePath === '') return;
  app.addHook('preSerialization', async (_request, _reply, payload) => below(payload, basePath));
}

export function below(thing: unknown, basePath: string): unknown {
  if (basePath === '') return thing;
  if (Array.isArray(thing)) return thing.map((one) => below(one, basePath));
  if (typeof thing !== 'object' || thing === null) return thing;
  const { _links: links, _embedded: embedded } = thing as Resource;
  if (links === undefined && embedded === undefined) return thing;
  const changed: Resource = { ...thing };
  if (links) changed._links = mapValues(links, (link) => linkOf(link, basePath));
  if (embedded) changed._embedded = mapValues(embedded, (one) => below(one, basePath));
  return changed;
}

function linkOf(link: unknown, basePath: string): unknown {
  const { href } = link as { href?: unknown };
  return typeof href === 'string' ? { ...(link as object), href: basePath + href } : link;
}

function mapValues(object: Record<string, unknown>, change: (value: unknown) => unknown) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

/** @throws ApiError bad_request where the body names nothing to change, and nothing that was ignored. */
export function requireChange(reply: FastifyReply, body: object, fields: readonly string[]): void {
  if (Object.keys(body).length > 0 || hasIgnoredFields(reply)) return;
  throw new ApiError(
    'bad_request',
    `The body changes nothing; send one or more of ${fields.join(', ')}.`,
  );
}
