import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import {
  type Authentication,
  authenticateBearer,
  authenticateReader,
  type Reader,
} from '../callers/authenticate.ts';
import { ownOrganization } from '../callers/authorize.ts';
import type { Answer } from '../http/answer-ahead.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { parsePaging } from '../http/paging.ts';
import { parseQueryString } from '../http/query-string.ts';
import { cursorOf } from '../inventory/change-feed.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import type { AskedAgain, AsOf } from './asked-again.ts';
import { parseIncludeSpaces } from './include-spaces.ts';
import { wantsLines } from './list-lines.ts';
import type { Pages, SentPage } from './pages.ts';

/** For so long a credential is taken for known. When a token was used and when a crawl went on are noted to the minute. */
const KNOWN_MS = 60 * 1000;

/** The target of a page as clients write it: nothing is encoded, and no slash is at its end. */
const TARGET = /^\/batch\/([a-z0-9_-]+)\/([a-z_]+)(?:\?|$)/;

/** What every answer of a list says; names and values in turns. */
export const LIST_HEADERS = [
  'cache-control',
  'private, no-cache',
  'vary',
  'Accept, Accept-Encoding',
];

/** The page that was sent, and what was sent with it. */
export type GivenPage = SentPage & Omit<Answer, 'body' | 'giveBack'>;

/** Longer words are not kept: as many as may be remembered would fill the memory. */
const MAX_WORDS = 1_000;

/** Who reads, as recognized by a credential in a state of the stores. */
type Recognized = { credential: string; asOf: AsOf | undefined; reader: Reader; untilMs: number };

/** A page of which list is asked for. */
type Target = { list: List; organization: string };

type Parts = {
  pages: Pages;
  authentication: Authentication;
  askedAgain: AskedAgain<GivenPage>;
};

/** Answers those who ask for a page of a list. */
export class PageAnswers {
  readonly #pages: Pages;
  readonly #authentication: Authentication;
  readonly #askedAgain: AskedAgain<GivenPage>;
  /** Who read last on a connection, and by which credential: most send the same one with every request. */
  readonly #readers = new WeakMap<object, Recognized>();
  /** What was begun and may yet be left to a route. */
  readonly #underWay = new WeakMap<IncomingMessage, Promise<Answer>>();

  constructor({ pages, authentication, askedAgain }: Parts) {
    this.#pages = pages;
    this.#authentication = authentication;
    this.#askedAgain = askedAgain;
  }

  /**
   * The answer to a request as crawlers send it: a GET with a signature token, and nothing that few send. Undefined for
   * others.
   */
  ofCrawler(request: IncomingMessage): Answer | Promise<Answer> | undefined {
    const target = isPlain(request) ? targetOf(request) : undefined;
    if (target === undefined) return undefined;
    const asOf = this.#askedAgain.asOf();
    const known = asOf === undefined ? undefined : this.#knownReader(request, asOf);
    const answer = known
      ? this.#ofReader(request, known, target)
      : this.#recognize(request, asOf).then((reader) => this.#ofReader(request, reader, target));
    if (answer instanceof Promise) this.#underWay.set(request, answer);
    return answer;
  }

  /** The answer to a request that a route has got. @throws ApiError where it is to be refused. */
  async ofRoute(request: FastifyRequest, target: Target): Promise<Answer> {
    const underWay = this.#underWay.get(request.raw);
    if (underWay) return underWay;
    const reader = await authenticateReader(this.#authentication, request);
    const { answer } = await this.#make(request.raw, reader, target);
    return answer;
  }

  #ofReader(
    request: IncomingMessage,
    recognized: Recognized,
    target: Target,
  ): Answer | Promise<Answer> {
    const words = this.#wordsOf(request, recognized);
    const given = words === undefined ? undefined : this.#askedAgain.find(words);
    const page = given && this.#pages.again(given);
    if (page) return { ...given, body: page.body };
    return this.#makeAndKeep(request, recognized, target, words);
  }

  /** All that the answer to a plain request depends on. Undefined where no answer is known from before, or to be kept. */
  #wordsOf({ url, headers }: IncomingMessage, { reader, asOf }: Recognized): string | undefined {
    if (asOf === undefined || !this.#askedAgain.isAsOf(asOf)) return undefined;
    // No header has a line feed in it.
    const words = `${reader.token}\n${url}\n${headers['if-none-match']}\n${headers['accept-encoding']}`;
    return words.length > MAX_WORDS ? undefined : words;
  }

  async #makeAndKeep(
    request: IncomingMessage,
    { reader, asOf, untilMs }: Recognized,
    target: Target,
    words: string | undefined,
  ): Promise<Answer> {
    const { answer, page } = await this.#make(request, reader, target);
    const { route, status, headers, giveBack } = answer;
    // What is not to be given back lies ready to be sent again.
    if (asOf !== undefined && words !== undefined && giveBack === undefined) {
      this.#askedAgain.remember(asOf, words, { ...page, route, status, headers }, untilMs);
    }
    return answer;
  }

  async #make(
    { url = '', headers: asked }: IncomingMessage,
    reader: Reader,
    { list, organization: username }: Target,
  ): Promise<{ answer: Answer; page: SentPage }> {
    const organization = ownOrganization(reader, username);
    const query = parseQueryString(url);
    const encoding = chooseEncoding(asked['accept-encoding']);
    const { etag, position, body, length, giveBack } = await this.#pages.get({
      ...parsePaging(query),
      organization,
      list,
      includeSpaces: parseIncludeSpaces(query, reader),
      token: reader.token,
      encoding,
      isKnown: (candidate) => matchesEtag(asked['if-none-match'], candidate),
    });
    const isUnchanged = body === undefined;
    const headers = [
      ...LIST_HEADERS,
      'etag',
      etag,
      'rollcall-cursor',
      cursorOf(organization, position),
    ];
    if (!isUnchanged) headers.push('content-type', 'application/json; charset=utf-8');
    if (!isUnchanged && encoding !== 'identity') headers.push('content-encoding', encoding);
    if (length !== undefined) headers.push('content-length', String(length));
    const status = isUnchanged ? 304 : 200;
    return {
      answer: { route: routeOf(list), status, headers, body, giveBack },
      page: { etag, list, isUnchanged },
    };
  }

  #knownReader({ socket, headers }: IncomingMessage, asOf: AsOf): Recognized | undefined {
    const last = this.#readers.get(socket);
    const isKnown =
      last?.asOf === asOf &&
      last.credential === headers.authorization &&
      last.untilMs > this.#authentication.clock();
    return isKnown ? last : undefined;
  }

  async #recognize(
    { socket, headers }: IncomingMessage,
    asOf: AsOf | undefined,
  ): Promise<Recognized> {
    const credential = headers.authorization ?? '';
    const caller = await authenticateBearer(this.#authentication, credential);
    const expiresMs = caller.expiresAt ? Date.parse(caller.expiresAt) : Number.POSITIVE_INFINITY;
    const untilMs = Math.min(this.#authentication.clock() + KNOWN_MS, expiresMs);
    const recognized = { credential, asOf, untilMs, reader: { ...caller, mayListPersonal: true } };
    if (asOf !== undefined) this.#readers.set(socket, recognized);
    return recognized;
  }
}

/** The path of a list as a route has it. */
export function routeOf(list: List): string {
  return `/batch/:organization/${list.name}`;
}

/** A GET with a body is somebody's mistake; a page of another origin needs headers that others do not. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.host !== undefined &&
    headers.authorization !== undefined &&
    headers.origin === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    !wantsLines(headers.accept)
  );
}

function targetOf({ url = '' }: IncomingMessage): Target | undefined {
  const [, organization = '', name = ''] = TARGET.exec(url) ?? [];
  return Object.hasOwn(lists, name) ? { list: lists[name as ListName], organization } : undefined;
}
