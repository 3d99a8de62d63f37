import { type ApiToken, basicOf } from './credentials.ts';
import { type Exchange, getJson, sendOnce, sendTagged } from './exchange.ts';

export type RestOptions = {
  /** The root of the server, such as https://rollcall.example.com. */
  url: string | URL;
  /** An API token; without it, the session of the browser says who calls. */
  apiToken?: ApiToken | undefined;
  /** What sends requests; the global `fetch` by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** How long one attempt may take, its body included; a minute by default. */
  timeoutMs?: number | undefined;
  /** How many times a GET is sent again after a failure that may pass; 2 by default. */
  retries?: number | undefined;
};

/** A parameter with a list of values is given once for each. */
export type Query = Record<string, QueryValue | readonly QueryValue[] | undefined>;
type QueryValue = string | number | boolean;
type RestCall = { query?: Query | undefined; signal?: AbortSignal | undefined };
/** `ifMatch`: the ETag of what alone is to be changed. */
type ChangeCall = RestCall & { ifMatch?: string | undefined };

/** An answer with its ETag, which says what one began from when one changes it. */
export type Tagged<Answer> = { answer: Answer; etag: string | null };

/** Calls the REST API: paths are given from the root, such as `/api/acme/reports`, or as `_links` have them. */
export class RestClient {
  readonly #root: string;
  readonly #authorization: string | undefined;
  readonly #exchange: Exchange;

  constructor({
    url,
    apiToken,
    fetch = globalThis.fetch.bind(globalThis),
    timeoutMs = 60_000,
    retries = 2,
  }: RestOptions) {
    this.#root = String(url).replace(/\/+$/, '');
    this.#authorization = apiToken && basicOf(apiToken);
    this.#exchange = {
      fetch,
      timeoutMs,
      retries,
      retryDelayMs: 300,
      maxRetryDelayMs: 10_000,
      onRetry: undefined,
    };
  }

  /** What a GET answers. @throws RollcallError */
  async get<Answer>(path: string, { query, signal }: RestCall = {}): Promise<Answer> {
    const url = this.address(path, query);
    const request = { url, authorization: this.#authorization, signal };
    return (await getJson(this.#exchange, request)) as Answer;
  }

  /** What a GET answers, with its ETag; it is sent once. @throws RollcallError */
  async getTagged<Answer>(path: string, { query, signal }: RestCall = {}): Promise<Tagged<Answer>> {
    const url = this.address(path, query);
    const request = { url, authorization: this.#authorization, signal, body: undefined };
    return (await sendTagged(this.#exchange, { ...request, method: 'GET' })) as Tagged<Answer>;
  }

  /** Puts something in the place of what has this ETag, and nothing else. @throws RollcallError */
  async putTagged<Answer>(path: string, body: unknown, ifMatch: string): Promise<Tagged<Answer>> {
    const url = this.address(path);
    const request = { url, authorization: this.#authorization, signal: undefined, body, ifMatch };
    return (await sendTagged(this.#exchange, { ...request, method: 'PUT' })) as Tagged<Answer>;
  }

  /** Creates something; it is sent once. @throws RollcallError */
  async postTagged<Answer>(path: string, body: unknown): Promise<Tagged<Answer>> {
    const request = { url: this.address(path), authorization: this.#authorization, body };
    const sent = { ...request, signal: undefined, method: 'POST' };
    return (await sendTagged(this.#exchange, sent)) as Tagged<Answer>;
  }

  /** What a request that changes something answers; it is sent once. @throws RollcallError */
  async send<Answer = undefined>(
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    { query, signal, ifMatch }: ChangeCall = {},
  ): Promise<Answer> {
    const url = this.address(path, query);
    const request = { url, authorization: this.#authorization, signal, method, body, ifMatch };
    return (await sendOnce(this.#exchange, request)) as Answer;
  }

  /** The whole address of a path, with these parameters. */
  address(path: string, query: Query = {}): string {
    const { origin, pathname } = new URL(this.#root);
    // Links of a server below a path begin with that path, too.
    const isWhole = pathname !== '/' && path.startsWith(`${pathname}/`);
    const url = new URL((isWhole ? origin : this.#root) + path);
    for (const [name, given] of Object.entries(query)) {
      for (const value of [given ?? []].flat()) {
        if (value !== '') url.searchParams.append(name, String(value));
      }
    }
    return url.href;
  }
}
