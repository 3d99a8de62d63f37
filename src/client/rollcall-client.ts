import { type ChangeBatch, type ChangeOptions, Changes, readChanges } from './changes.ts';
import { type ApiToken, basicOf, bearerHeader } from './credentials.ts';
import { RollcallError } from './errors.ts';
import type { Exchange, RetryEvent } from './exchange.ts';
import { listPages } from './list-pages.ts';
import type { Page } from './page.ts';
import type { Chart, ListName, Member, Query, Report, ReportStats, Rows, Space } from './rows.ts';
import {
  type CreatedSignatureToken,
  createSignatureToken,
  type NewSignatureToken,
  revokeSignatureToken,
  type SignatureToken,
} from './signature-tokens.ts';

export type ClientOptions = {
  /** The root of the server, such as https://rollcall.example.com. */
  url: string | URL;
  /** Username of the organization. */
  organization: string;
  /** A signature token, for the lists: the whole header value ("Bearer ...") or the Base64 alone. */
  bearer?: string | undefined;
  /** An administrator's API token, to make and revoke signature tokens. */
  apiToken?: ApiToken | undefined;
  /** What sends requests; the global `fetch` by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** How long one attempt may take, its body included; a minute by default. */
  timeoutMs?: number | undefined;
  /** How many times a GET is sent again after a failure that may pass; 5 by default. */
  retries?: number | undefined;
  /** The wait before the first retry, doubled for each further one; half a second by default. */
  retryDelayMs?: number | undefined;
  /** The longest wait before a retry, even where the server asks for more; a minute by default. */
  maxRetryDelayMs?: number | undefined;
  /** Told before each wait. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
};

export type CallOptions = {
  /** Ends the call: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
};

export type ListOptions = CallOptions & {
  /** With 'all', what lies in members' personal spaces is listed too. */
  includeSpaces?: 'all' | undefined;
  /** How many rows a page has at most: 1 to 1,000, which is the default. */
  perPage?: number | undefined;
  /** The page to begin with, from 1. */
  page?: number | undefined;
};

/** Reads an organization's inventory from a server that speaks the Discovery API. */
export class RollcallClient {
  readonly #root: string;
  readonly #organization: string;
  readonly #bearer: string | undefined;
  readonly #basic: string | undefined;
  readonly #exchange: Exchange;

  /** @throws RollcallError invalid_option */
  constructor({
    url,
    organization,
    bearer,
    apiToken,
    fetch = globalThis.fetch,
    timeoutMs = 60_000,
    retries = 5,
    retryDelayMs = 500,
    maxRetryDelayMs = 60_000,
    onRetry,
  }: ClientOptions) {
    this.#root = rootOf(url);
    this.#organization = organization;
    this.#bearer = bearer === undefined ? undefined : bearerHeader(bearer);
    this.#basic = apiToken && basicOf(apiToken);
    this.#exchange = { fetch, timeoutMs, retries, retryDelayMs, maxRetryDelayMs, onRetry };
  }

  reports(options?: ListOptions): AsyncGenerator<Report, void, void> {
    return this.#rows('reports', options);
  }

  reportStats(options?: ListOptions): AsyncGenerator<ReportStats, void, void> {
    return this.#rows('report_stats', options);
  }

  spaces(options?: ListOptions): AsyncGenerator<Space, void, void> {
    return this.#rows('spaces', options);
  }

  queries(options?: ListOptions): AsyncGenerator<Query, void, void> {
    return this.#rows('queries', options);
  }

  charts(options?: ListOptions): AsyncGenerator<Chart, void, void> {
    return this.#rows('charts', options);
  }

  members(options?: ListOptions): AsyncGenerator<Member, void, void> {
    return this.#rows('members', options);
  }

  /** A list page by page, with what the server says about the whole. An empty list has one page without rows. */
  async *pages<Name extends ListName>(
    list: Name,
    { includeSpaces, perPage, page, signal }: ListOptions = {},
  ): AsyncGenerator<Page<Rows[Name]>, void, void> {
    const query = new URLSearchParams();
    if (page !== undefined) query.set('page', String(page));
    if (perPage !== undefined) query.set('per_page', String(perPage));
    if (includeSpaces !== undefined) query.set('include_spaces', includeSpaces);
    // Rollcall then links on to what belongs to these pages alone; other servers ignore it.
    if (page === undefined || page === 1) query.set('crawl', 'new');
    yield* listPages<Rows[Name]>(this.#exchange, {
      list,
      url: this.#address(list),
      query,
      authorization: this.#listCaller(),
      signal,
    });
  }

  /** What was made, changed or removed in all lists since a cursor; see `Changes`. */
  changes(options: ChangeOptions = {}): Changes {
    return new Changes(this.#changeTarget(), options);
  }

  /** One answer about what has changed, for who keeps the cursor elsewhere. */
  async changeBatch(options: ChangeOptions = {}): Promise<ChangeBatch> {
    return readChanges(this.#changeTarget(), options);
  }

  async createSignatureToken(
    newToken: NewSignatureToken,
    options?: CallOptions,
  ): Promise<CreatedSignatureToken> {
    return createSignatureToken(this.#exchange, this.#tokenCaller(options), newToken);
  }

  /** The token is refused from the next request on. */
  async revokeSignatureToken(token: string, options?: CallOptions): Promise<SignatureToken> {
    return revokeSignatureToken(this.#exchange, this.#tokenCaller(options), token);
  }

  async *#rows<Name extends ListName>(
    list: Name,
    options?: ListOptions,
  ): AsyncGenerator<Rows[Name], void, void> {
    for await (const { rows } of this.pages(list, options)) yield* rows;
  }

  #changeTarget() {
    const url = this.#address('changes');
    return { exchange: this.#exchange, url, authorization: this.#listCaller() };
  }

  #listCaller(): string {
    return given(this.#bearer, 'bearer', 'lists are read with a signature token');
  }

  #tokenCaller({ signal }: CallOptions = {}) {
    const authorization = given(
      this.#basic,
      'apiToken',
      'signature tokens are created and revoked with an admin’s API token',
    );
    return { url: this.#address('signature_tokens'), authorization, signal };
  }

  #address(path: string): string {
    return `${this.#root}/batch/${encodeURIComponent(this.#organization)}/${path}`;
  }
}

function rootOf(given: string | URL): string {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RollcallError(
      'invalid_option',
      'The url is invalid; it must be the root of a server, such as https://rollcall.example.com.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new RollcallError(
      'invalid_option',
      'The url contains a user name or a password. Remove them and set the bearer.',
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function given(authorization: string | undefined, option: string, why: string): string {
  if (authorization !== undefined) return authorization;
  throw new RollcallError('invalid_option', `The client has no ${option}; ${why}.`);
}
