import type { Encoding } from '../http/content-encoding.ts';
import type { Paging } from '../http/paging.ts';
import type { CrawlKey } from './crawl-store.ts';
import type { Crawls } from './crawls.ts';
import type { List } from './lists.ts';
import type { PageCache } from './page-cache.ts';
import { pageEnvelope } from './page-envelope.ts';
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
  encoding: Encoding;
  body: Buffer | undefined;
  /** Every change up to this one is in it. */
  position: number;
};

/** The pages of the lists: from memory where they were sent before, else from the projections. */
export class Pages {
  readonly #projections: Projections;
  readonly #crawls: Crawls;
  readonly #cache: PageCache;
  readonly #tags = new PageTags();

  constructor(projections: Projections, crawls: Crawls, cache: PageCache) {
    this.#projections = projections;
    this.#crawls = crawls;
    this.#cache = cache;
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
      const etag = etagOf(tag, request.encoding);
      if (request.isKnown(etag)) return { position, tag, lastSlot };
      const kept = this.#cache.get(etag);
      if (kept) return { position, tag, lastSlot, kept };
      const plainEtag = etagOf(tag, 'identity');
      let plain = this.#cache.get(plainEtag);
      if (plain === undefined) {
        const { head, tail } = pageEnvelope(facts);
        plain = file.read(start, perPage, head, tail);
        if (request.encoding === 'identity') this.#cache.put(plainEtag, plain);
      }
      return { position, tag, lastSlot, plain };
    });
    await this.#crawls.advance(organization.id, key, { page, step, lastSlot: found.lastSlot });

    const { position, tag, kept, plain } = found;
    const etag = etagOf(tag, request.encoding);
    if (plain === undefined) {
      return { position, etag, encoding: request.encoding, body: kept };
    }
    const body =
      request.encoding === 'identity'
        ? plain
        : await this.#cache.encoded(etag, request.encoding, plain);
    return { position, etag, encoding: request.encoding, body };
  }
}

/** Which rows of a list `include_spaces` asks for. */
export function viewOf(list: List, includeSpaces: 'all' | undefined): View {
  return list.followsSpaces && includeSpaces === undefined ? 'shared' : 'all';
}

function etagOf(tag: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${tag}"` : `"${tag}-${encoding}"`;
}
