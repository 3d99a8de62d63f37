import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import {
  type Authentication,
  authenticateBearer,
  authenticateReader,
  type Reader,
  readerOf,
} from '../callers/authenticate.ts';
import { ownOrganization } from '../callers/authorize.ts';
import { CommitMemo } from '../database/commit-memo.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { type Answer, answerUnderWay } from '../http/fast-path.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { parsePaging } from '../http/paging.ts';
import { parseQueryString } from '../http/query-string.ts';
import { cursorOf } from '../inventory/change-feed.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import { parseCrawl } from './carried-crawl.ts';
import { parseIncludeSpaces } from './include-spaces.ts';
import { wantsLines } from './list-lines.ts';
import type { Moment } from './moment.ts';
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

/** The page that was sent, what was sent with it, and until when whoever asked is known. */
type GivenPage = SentPage & Pick<Answer, 'route' | 'status' | 'headers'> & { untilMs: number };

/** Of so many answers it is known that they were asked for, so that those that come again are kept; of a crawl, none is. */
const MOST_ASKED = 200;

/** Longer keys are not kept: as many as may be remembered would fill the memory. */
const MAX_KEY_LENGTH = 1_000;

/** Who reads, and until when that is known. */
type Recognized = { reader: Reader; untilMs: number };

/** A page of which list is asked for. */
type Target = { list: List; organization: string };

type Parts = {
  pages: Pages;
  authentication: Authentication;
  look: () => Moment;
};

/** Answers those who ask for a page of a list. */
export class PageAnswers {
  readonly #pages: Pages;
  readonly #authentication: Authentication;
  readonly #look: () => Moment;
  /** By the credential that was sent: most send the same one with every request. */
  readonly #readers = new CommitMemo<string, Recognized>();
  /** By all that the answer to a plain request depends on. */
  readonly #answers = new CommitMemo<string, GivenPage>();
  readonly #askedOnce = new CommitMemo<string, true>({ mostKept: MOST_ASKED });

  constructor({ pages, authentication, look }: Parts) {
    this.#pages = pages;
    this.#authentication = authentication;
    this.#look = look;
  }

  /**
   * The answer to a request as crawlers send it: a GET with a signature token, and nothing that few send. Undefined for
   * others.
   */
  ofCrawler(request: IncomingMessage): Answer | Promise<Answer> | undefined {
    const target = isPlain(request) ? targetOf(request) : undefined;
    if (target === undefined) return undefined;
    const moment = this.#look();
    const known = this.#knownReader(request, moment);
    return known
      ? this.#ofReader(request, known, target, moment)
      : this.#recognize(request, moment).then((reader) =>
          this.#ofReader(request, reader, target, moment),
        );
  }

  /** The answer to a request that a route has got. @throws ApiError where it is to be refused. */
  async ofRoute(request: FastifyRequest, target: Target): Promise<Answer> {
    const underWay = await answerUnderWay(request.raw);
    if (underWay) return { ...underWay, release: undefined };
    const moment = this.#look();
    const reader = await authenticateReader(this.#authentication, request, moment.store);
    const { answer } = await this.#make(request.raw, reader, target, moment);
    return answer;
  }

  #ofReader(
    request: IncomingMessage,
    recognized: Recognized,
    target: Target,
    moment: Moment,
  ): Answer | Promise<Answer> {
    const key = cacheKey(request, recognized.reader);
    const given = this.#answers.find(moment.all, key);
    const page = given && this.#isStill(given) ? this.#pages.again(given) : undefined;
    if (given && page) return { ...given, ...page };
    return this.#makeAndKeep(request, recognized, target, { key, moment });
  }

  async #makeAndKeep(
    request: IncomingMessage,
    { reader, untilMs }: Recognized,
    target: Target,
    { key, moment }: { key: string; moment: Moment },
  ): Promise<Answer> {
    const { answer, page } = await this.#make(request, reader, target, moment);
    const { route, status, headers, release } = answer;
    // What is mapped is sent again from where it lies, and what is not to be given back lies ready.
    const canBeSentAgain = page.bytes !== undefined || release === undefined;
    if (canBeSentAgain && key.length <= MAX_KEY_LENGTH) {
      if (!this.#askedOnce.find(moment.all, key)) this.#askedOnce.keep(moment.all, key, true);
      else this.#answers.keep(moment.all, key, { ...page, route, status, headers, untilMs });
    }
    return answer;
  }

  async #make(
    { url = '', headers: asked, socket }: IncomingMessage,
    reader: Reader,
    { list, organization: username }: Target,
    moment: Moment,
  ): Promise<{ answer: Answer; page: SentPage }> {
    const organization = ownOrganization(reader, username);
    const query = parseQueryString(url);
    const encoding = chooseEncoding(asked['accept-encoding']);
    const paging = parsePaging(query);
    const { etag, position, body, length, bytes, release } = await this.#pages.get({
      ...paging,
      organization,
      list,
      includeSpaces: parseIncludeSpaces(query, reader),
      crawl: parseCrawl(query, paging.page, organization),
      token: reader.token,
      encoding,
      toPlainSocket: !(socket instanceof TLSSocket),
      moment,
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
      answer: { route: routeOf(list), status, headers, body, release },
      page: { etag, bytes, list, isUnchanged },
    };
  }

  #knownReader({ headers }: IncomingMessage, { store }: Moment): Recognized | undefined {
    const known = this.#readers.find(store, headers.authorization ?? '');
    return known && this.#isStill(known) ? known : undefined;
  }

  #isStill({ untilMs }: { untilMs: number }): boolean {
    return untilMs > this.#authentication.clock();
  }

  async #recognize({ headers }: IncomingMessage, { store }: Moment): Promise<Recognized> {
    const credential = headers.authorization ?? '';
    const caller = await authenticateBearer(this.#authentication, credential, store);
    const expiresMs = caller.expiresAt ? Date.parse(caller.expiresAt) : Number.POSITIVE_INFINITY;
    const untilMs = Math.min(this.#authentication.clock() + KNOWN_MS, expiresMs);
    const recognized = { untilMs, reader: readerOf(caller) };
    if (credential.length <= MAX_KEY_LENGTH) this.#readers.keep(store, credential, recognized);
    return recognized;
  }
}

/** All that the answer to a plain request depends on. No header has a line feed in it. */
function cacheKey({ url, headers }: IncomingMessage, { token }: Reader): string {
  return `${token}\n${url}\n${headers['if-none-match']}\n${headers['accept-encoding']}`;
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
