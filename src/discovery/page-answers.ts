import type { IncomingMessage } from 'node:http';
import type { Answer } from '../http/answer-ahead.ts';
import { type Authentication, authenticateBearer, type Reader } from '../http/authenticate.ts';
import { ownOrganization } from '../http/authorize.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { parsePaging } from '../http/paging.ts';
import { parseQuery } from '../http/query-string.ts';
import type { AskedAgain, AsOf } from './asked-again.ts';
import { cursorOf } from './change-feed.ts';
import { parseIncludeSpaces } from './include-spaces.ts';
import { wantsLines } from './list-lines.ts';
import { type List, type ListName, lists } from './lists.ts';
import type { Pages, SentPage } from './pages.ts';

/** For so long a credential is taken for known. When a token was used and when a crawl went on are noted to the minute. */
const KNOWN_MS = 60 * 1000;

/** The target of a page as clients write it: nothing is encoded, and no slash is at its end. */
const TARGET = /^\/batch\/([a-z0-9_-]+)\/([a-z_]+)(?:\?|$)/;

/** The page that was sent, and what was sent with it. */
export type GivenPage = SentPage & Omit<Answer, 'body' | 'giveBack'>;

/** Who reads, as recognized by a credential in a state of the stores. */
type Recognized = { credential: string; asOf: AsOf | undefined; reader: Reader; untilMs: number };

/** Who asks for a page of which list, in which words. */
type Asked = {
  reader: Reader;
  list: List;
  organization: string;
  request: Pick<IncomingMessage, 'url' | 'headers'>;
};

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
  /** Who read last on a connection, as most send the same credential with every request. */
  readonly #readers = new WeakMap<object, Recognized>();

  constructor({ pages, authentication, askedAgain }: Parts) {
    this.#pages = pages;
    this.#authentication = authentication;
    this.#askedAgain = askedAgain;
  }

  /**
   * The answer to a request as crawlers send it: a GET with a signature token, and nothing that few send. Undefined for
   * others.
   *
   * @throws ApiError, later, where it is to be refused.
   */
  ofCrawler(request: IncomingMessage): Answer | Promise<Answer> | undefined {
    const { url = '' } = request;
    if (!isPlain(request)) return undefined;
    const [, organization = '', name = ''] = TARGET.exec(url) ?? [];
    if (!Object.hasOwn(lists, name)) return undefined;

    const list = lists[name as ListName];
    const asOf = this.#askedAgain.asOf();
    const known = asOf === undefined ? undefined : this.#knownReader(request, asOf);
    if (known === undefined) {
      return this.#recognize(request, asOf).then((recognized) =>
        this.#makeAndKeep(request, recognized, organization, list),
      );
    }
    const given = this.#askedAgain.find(wordsOf(request, known));
    const page = given && this.#pages.again(given);
    if (page) return { ...given, body: page.body };
    return this.#makeAndKeep(request, known, organization, list);
  }

  /** The page that is asked for, for whoever may read it. @throws ApiError where it is to be refused. */
  async make({ reader, list, organization: username, request }: Asked): Promise<{
    answer: Answer;
    page: SentPage;
  }> {
    const organization = ownOrganization(reader, username);
    const query = parseQuery(request.url ?? '');
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    const page = await this.#pages.get({
      ...parsePaging(query),
      organization,
      list,
      includeSpaces: parseIncludeSpaces(query, reader),
      token: reader.token,
      encoding,
      isKnown: (candidate) => matchesEtag(request.headers['if-none-match'], candidate),
    });
    const { etag, position, body, giveBack } = page;
    const isUnchanged = body === undefined;
    const headers = [
      'cache-control',
      'private, no-cache',
      'vary',
      'Accept, Accept-Encoding',
      'etag',
      etag,
      'rollcall-cursor',
      cursorOf(organization, position),
    ];
    if (!isUnchanged) headers.push('content-type', 'application/json; charset=utf-8');
    if (!isUnchanged && encoding !== 'identity') headers.push('content-encoding', encoding);
    const status = isUnchanged ? 304 : 200;
    return {
      answer: { route: routeOf(list), status, headers, body, giveBack },
      page: { etag, position, list, isUnchanged },
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

  async #recognize(request: IncomingMessage, asOf: AsOf | undefined): Promise<Recognized> {
    const credential = request.headers.authorization ?? '';
    const caller = await authenticateBearer(this.#authentication, credential);
    const expiresMs = caller.expiresAt ? Date.parse(caller.expiresAt) : Number.POSITIVE_INFINITY;
    const recognized = {
      credential,
      asOf,
      reader: { ...caller, mayListPersonal: true },
      untilMs: Math.min(this.#authentication.clock() + KNOWN_MS, expiresMs),
    };
    this.#readers.set(request.socket, recognized);
    return recognized;
  }

  async #makeAndKeep(
    request: IncomingMessage,
    recognized: Recognized,
    organization: string,
    list: List,
  ): Promise<Answer> {
    const { reader, asOf, untilMs } = recognized;
    const { answer, page } = await this.make({ reader, list, organization, request });
    const { route, status, headers, giveBack } = answer;
    // What is not to be given back lies ready to be sent again.
    if (asOf !== undefined && giveBack === undefined) {
      const given = { ...page, route, status, headers };
      this.#askedAgain.remember(asOf, wordsOf(request, recognized), given, untilMs);
    }
    return answer;
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

/** All that the answer to a plain request depends on. No header has a line feed in it. */
function wordsOf({ url, headers }: IncomingMessage, { reader }: Recognized): string {
  return `${reader.token}\n${url}\n${headers['if-none-match']}\n${headers['accept-encoding']}`;
}
