import type { Encoding } from '../http/content-encoding.ts';
import type { Paging } from '../http/paging.ts';
import type { CrawlKey } from './crawl-store.ts';
import type { Crawls } from './crawls.ts';
import type { ListFile } from './list-file.ts';
import type { List } from './lists.ts';
import type { PageCache } from './page-cache.ts';
import { type PageFacts, pageEnvelope } from './page-envelope.ts';
import { PageTags } from './page-tag.ts';
import type { OrganizationNow, Projections } from './projections.ts';
import type { View } from './row-store.ts';

export type PageRequest = Paging & {
  organization: OrganizationNow & { username: string };
  list: List;
  /** The value of include_spaces where it was given. */
  includeSpaces: 'all' | undefined;
  /** The access token that asks: its crawl goes on. */
  token: string;
  encoding: Encoding;
  /** Whether the caller has the page of this ETag already. */
  isKnown: (etag: string) => boolean;
};

/** A page; `body` is undefined where the caller has it already. */
export type Page = {
  etag: string;
  body: Buffer | undefined;
  /** Every change up to this one is in it. */
  position: number;
};

/** Where a page came from; `unchanged` is one that the caller has already. */
export type PageSource = 'cache' | 'list' | 'unchanged';

type Parts = {
  projections: Projections;
  crawls: Crawls;
  cache: PageCache;
  onServed: (list: string, from: PageSource) => void;
};

/** The pages of the lists: from memory where they were sent before, else from the projections. */
export class Pages {
  readonly #projections: Projections;
  readonly #crawls: Crawls;
  readonly #cache: PageCache;
  readonly #onServed: Parts['onServed'];
  readonly #tags = new PageTags();

  constructor({ projections, crawls, cache, onServed }: Parts) {
    this.#projections = projections;
    this.#crawls = crawls;
    this.#cache = cache;
    this.#onServed = onServed;
  }

  async get(request: PageRequest): Promise<Page> {
    const { organization, list, page, perPage, includeSpaces, token } = request;
    const view = viewOf(list, includeSpaces);
    const key: CrawlKey = { token, list, view, perPage };
    const step = await this.#crawls.startOf(organization.id, key, page);
    const found = await this.#projections.read(organization, list, view, (file, position) => {
      const start =
        step.startSlot === undefined ? (page - 1) * perPage : file.rankAfter(step.startSlot);
      const facts = {
        organization: organization.username,
        list: list.name,
        page,
        perPage,
        includeSpaces,
        start,
        totalCount: file.count,
      };
      const tag = this.#tags.tagOf(file, organization.epoch, facts, start);
      const lastSlot = file.slotAt(Math.min(start + perPage, file.count) - 1);
      return { position, tag, lastSlot, ...this.#find(request, tag, facts, file) };
    });
    await this.#crawls.advance(organization.id, key, { page, step, lastSlot: found.lastSlot });
    this.#onServed(list.name, found.from);

    const { position, tag, ready, plain } = found;
    const etag = etagOf(tag, request.encoding);
    const body = plain ? await this.#cache.encoded(etag, request.encoding, plain) : ready;
    return { position, etag, body };
  }

  /** The page as it can be sent (`ready`), or as it has to be encoded first (`plain`); neither where the caller has it. */
  #find(
    { encoding, isKnown, perPage }: PageRequest,
    tag: string,
    facts: PageFacts,
    file: ListFile,
  ): { from: PageSource; ready?: Buffer; plain?: Buffer } {
    const etag = etagOf(tag, encoding);
    if (isKnown(etag)) return { from: 'unchanged' };
    const kept = this.#cache.get(etag);
    if (kept) return { from: 'cache', ready: kept };
    const keptPlain = this.#cache.get(etagOf(tag, 'identity'));
    if (keptPlain) return { from: 'cache', plain: keptPlain };
    const { head, tail } = pageEnvelope(facts);
    const plain = file.read(facts.start, perPage, head, tail);
    if (encoding !== 'identity') return { from: 'list', plain };
    this.#cache.put(etag, plain);
    return { from: 'list', ready: plain };
  }
}

/** Which rows of a list `include_spaces` asks for. */
export function viewOf(list: List, includeSpaces: 'all' | undefined): View {
  return list.followsSpaces && includeSpaces === undefined ? 'shared' : 'all';
}

function etagOf(tag: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${tag}"` : `"${tag}-${encoding}"`;
}
