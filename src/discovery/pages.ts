import { pipeline, Readable } from 'node:stream';
import { type Encoding, encoder } from '../http/content-encoding.ts';
import type { Paging } from '../http/paging.ts';
import type { List, View } from '../inventory/lists.ts';
import type { ListFile } from '../list-file/list-file.ts';
import type { PageBytes, PageParts } from '../list-file/page-bytes.ts';
import type { OrganizationNow } from '../organizations/organization.ts';
import { DamagedFileError } from '../storage-fault.ts';
import { type CarriedCrawl, formatCrawl } from './carried-crawl.ts';
import type { CrawlKey } from './crawl-store.ts';
import type { Crawls } from './crawls.ts';
import type { ListFiles } from './list-files.ts';
import type { Moment } from './moment.ts';
import { PageBuffers } from './page-buffers.ts';
import type { PageCache } from './page-cache.ts';
import type { PageBounds } from './page-ends.ts';
import { type PageFacts, pageEnvelope } from './page-envelope.ts';
import { pageTag } from './page-tag.ts';

/** A page that is longer is not made as a whole, but read from the file while it is sent. */
const MOST_AT_ONCE = 8 * 1024 * 1024;

export type PageRequest = Paging & {
  organization: OrganizationNow & { username: string };
  list: List;
  /** The value of include_spaces where it was given. */
  includeSpaces: 'all' | undefined;
  /** The access token that asks: its crawls go on. */
  token: string;
  /** The crawl that the request carries. */
  crawl: CarriedCrawl | undefined;
  encoding: Encoding;
  /** Whether the answer goes to a socket as it is: what is mapped must not be read by this process. */
  toPlainSocket: boolean;
  moment: Moment;
  /** Whether the caller has the page of this ETag already. */
  isKnown: (etag: string) => boolean;
};

/** A page; `body` is undefined where the caller has it already. */
export type Page = {
  etag: string;
  /** In parts where it is mapped; a long page that is not is a stream. */
  body: Buffer | PageParts | Readable | undefined;
  /** As far as it is known before. */
  length?: number | undefined;
  /** What a mapped page is of, from which it is sent again. */
  bytes?: PageBytes | undefined;
  /** Every change up to this one is in it. */
  position: number;
  /** To be called once nothing reads `body` any more, so that its memory can be used again. */
  release?: (() => void) | undefined;
};

/** A page but for its place and tag: `plain` where it is to be encoded as a whole first, and no body where the caller has it. */
type Found = Pick<Page, 'length' | 'bytes' | 'release'> & {
  from: PageSource;
  body?: Page['body'];
  plain?: Buffer;
};

/** What is to know of a page that was sent, to send it again. */
export type SentPage = Pick<Page, 'etag' | 'bytes'> & { list: List; isUnchanged: boolean };

/** Where a page came from; `unchanged` is one that the caller has already. */
export type PageSource = 'cache' | 'list' | 'unchanged';

export type PagesParts = {
  listFiles: ListFiles;
  crawls: Crawls;
  cache: PageCache;
  onServed: (list: string, from: PageSource) => void;
  /** The path of the public URL, before every link. */
  basePath: string;
  /** Whether files may be mapped. */
  mapFiles: boolean;
};

/** The pages of the lists, from their files: plain ones as they lie there, encoded ones from memory where they were sent before. */
export class Pages {
  readonly #listFiles: ListFiles;
  readonly #crawls: Crawls;
  readonly #cache: PageCache;
  readonly #onServed: PagesParts['onServed'];
  readonly #basePath: string;
  readonly #mapFiles: boolean;
  readonly #buffers = new PageBuffers();

  constructor({ listFiles, crawls, cache, onServed, basePath, mapFiles }: PagesParts) {
    this.#listFiles = listFiles;
    this.#crawls = crawls;
    this.#cache = cache;
    this.#onServed = onServed;
    this.#basePath = basePath;
    this.#mapFiles = mapFiles;
  }

  async get(request: PageRequest): Promise<Page> {
    const { organization, list, page, perPage, includeSpaces, token, crawl, moment } = request;
    const view = viewOf(list, includeSpaces);
    const key: CrawlKey = { crawler: `${token}/${organization.epoch}`, list, view, perPage };
    const asOf = moment.crawls;
    const step = crawl
      ? undefined
      : await this.#crawls.stepTo(organization.id, key, { page, asOf });
    const bounds = crawl === 'new' ? undefined : (crawl ?? step?.bounds);
    const found = await this.#listFiles.read(organization, list, view, (file, position) => {
      const place = placeOf(file, request, bounds);
      const facts = {
        basePath: this.#basePath,
        organization: organization.username,
        list: list.name,
        page,
        perPage,
        includeSpaces,
        crawl: crawl && linksOf(file, organization, place, perPage),
        ...place,
      };
      const tag = pageTag(file, organization.epoch, facts);
      return { position, tag, place, ...this.#find(request, tag, facts, file) };
    });
    if (step && (page === 1 || bounds)) {
      const sent = { page, ...found.place, isFull: found.place.count === perPage };
      await this.#crawls.note(organization.id, key, step, sent).catch((error) => {
        found.release?.();
        throw error;
      });
    }
    this.#onServed(list.name, found.from);

    const { position, tag, plain, length, bytes, release } = found;
    const etag = etagOf(tag, request.encoding);
    if (plain === undefined) return { position, etag, body: found.body, length, bytes, release };
    try {
      const body = await this.#cache.encoded(etag, request.encoding, plain);
      return { position, etag, body, length: body.length };
    } finally {
      release?.();
    }
  }

  /** A page that is sent once more, for one who may have it; undefined where it is to be made again. */
  again({ etag, list, isUnchanged, bytes }: SentPage): Pick<Page, 'body' | 'release'> | undefined {
    if (isUnchanged) {
      this.#onServed(list.name, 'unchanged');
      return { body: undefined };
    }
    if (bytes) {
      const mapped = mappedOrNone(bytes);
      if (mapped) this.#onServed(list.name, 'list');
      return mapped && { body: mapped.parts, release: mapped.release };
    }
    const body = this.#cache.get(etag);
    if (body) this.#onServed(list.name, 'cache');
    return body && { body };
  }

  #find(
    { encoding, isKnown, toPlainSocket }: PageRequest,
    tag: string,
    facts: PageFacts,
    file: ListFile,
  ): Found {
    const etag = etagOf(tag, encoding);
    if (isKnown(etag)) return { from: 'unchanged' };
    const isPlain = encoding === 'identity';
    const kept = isPlain ? undefined : this.#cache.get(etag);
    if (kept) return { from: 'cache', body: kept, length: kept.length };
    const { head, tail } = pageEnvelope(facts);
    const bytes = file.page(facts.start, facts.count, head, tail);
    const mapped = isPlain && toPlainSocket && this.#mapFiles ? bytes.mapped() : undefined;
    if (mapped) {
      const { parts: body, release } = mapped;
      return { from: 'list', body, bytes, length: bytes.length, release };
    }
    if (bytes.length > MOST_AT_ONCE) {
      const stream = Readable.from(bytes.pieces(), { objectMode: false });
      const release = () => void stream.destroy();
      return { from: 'list', ...encodedStream(stream, bytes.length, encoding), release };
    }
    const page = bytes.read((length) => this.#buffers.take(length));
    const release = () => this.#buffers.release(page);
    if (!isPlain) return { from: 'list', plain: page, release };
    return { from: 'list', body: page, length: page.length, release };
  }
}

/** Which rows a page has: in the list, and among the slots. */
type Place = PageBounds &
  Pick<PageFacts, 'start' | 'count' | 'totalCount' | 'isLast'> & { endSlot: number };

/**
 * Without bounds, page 1 has the first rows of the list as it is now, and another page begins at its number of rows. In a
 * crawl the total is what all its pages have: those before this one, each of which was full, and those that remain.
 */
function placeOf(file: ListFile, { page, perPage }: Paging, bounds: PageBounds | undefined): Place {
  const listed = bounds ? file.rankAfter(bounds.lastSlot) : file.count;
  const start = bounds ? file.rankAfter(bounds.startSlot) : (page - 1) * perPage;
  const remaining = Math.max(0, listed - start);
  const count = Math.min(perPage, remaining);
  const startSlot = bounds?.startSlot ?? 0;
  return {
    start,
    count,
    totalCount: bounds && remaining > 0 ? (page - 1) * perPage + remaining : listed,
    isLast: remaining <= perPage,
    startSlot,
    endSlot: count > 0 ? (file.slotAt(start + count - 1) as number) : startSlot,
    lastSlot: bounds?.lastSlot ?? file.slotAt(file.count - 1) ?? 0,
  };
}

/** What the links beside a page of a crawl say of it. */
function linksOf(
  file: ListFile,
  organization: OrganizationNow,
  { start, endSlot, lastSlot }: Place,
  perPage: number,
): NonNullable<PageFacts['crawl']> {
  const before = file.slotAt(start - perPage - 1) ?? 0;
  return {
    next: formatCrawl(organization, { startSlot: endSlot, lastSlot }),
    previous: formatCrawl(organization, { startSlot: before, lastSlot }),
  };
}

/** What is damaged is mended where the page is made again. */
function mappedOrNone(bytes: PageBytes): ReturnType<PageBytes['mapped']> {
  try {
    return bytes.mapped();
  } catch (error) {
    if (error instanceof DamagedFileError) return undefined;
    throw error;
  }
}

/** Which rows of a list `include_spaces` asks for. */
export function viewOf(list: List, includeSpaces: 'all' | undefined): View {
  return list.followsSpaces && includeSpaces === undefined ? 'shared' : 'all';
}

function encodedStream(
  stream: Readable,
  length: number,
  encoding: Encoding,
): { body: Readable; length?: number } {
  const transform = encoder(encoding);
  // A failure ends the answer half way, which is what tells the caller.
  return transform
    ? { body: pipeline(stream, transform, () => undefined) }
    : { body: stream, length };
}

function etagOf(tag: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${tag}"` : `"${tag}-${encoding}"`;
}
