import { type Encoding, encode } from '../http/content-encoding.ts';

/** A page stays until so many times what may be kept was asked for since its last use, unless what comes is wanted more. */
const TURNS_TO_STAY = 4;

/** `usedAt` and the like are how many bytes had been asked for by then. */
type Kept = { page: Buffer; usedAt: number };

/**
 * Encoded pages as they were last sent, by their ETag, which is another one as soon as a byte differs: nothing kept here can be
 * out of date. Bounded in bytes. A crawl of more than may be kept, even one that comes again and again, drives out nothing:
 * as much of it as there is room for stays, and is there the next time.
 */
export class PageCache {
  readonly #maxBytes: number;
  #bytes = 0;
  /** In the order of their last use, oldest first. */
  readonly #pages = new Map<string, Kept>();
  /** When the pages that are not kept were asked for; oldest first, and only as long as they would still be there. */
  readonly #askedOnce = new Map<string, number>();
  /** How many bytes were asked for in all. */
  #asked = 0;
  readonly #underWay = new Map<string, Promise<Buffer>>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(etag: string): Buffer | undefined {
    const kept = this.#pages.get(etag);
    if (kept === undefined) return undefined;
    this.#asked += kept.page.length;
    this.#pages.delete(etag);
    this.#pages.set(etag, { page: kept.page, usedAt: this.#asked });
    return kept.page;
  }

  /** Whether a page of this length is worth the room of others: if it was asked for lately, so that it would still be there. */
  isWorthKeeping(etag: string, length: number): boolean {
    const askedAt = this.#askedOnce.get(etag);
    this.#asked += length;
    this.#askedOnce.delete(etag);
    if (askedAt !== undefined && this.#asked - askedAt <= this.#maxBytes) return true;
    this.#askedOnce.set(etag, this.#asked);
    for (const [oldest, itsTime] of this.#askedOnce) {
      if (this.#asked - itsTime <= this.#maxBytes) break;
      this.#askedOnce.delete(oldest);
    }
    return false;
  }

  put(etag: string, page: Buffer): void {
    const replaced = this.#pages.get(etag);
    if (replaced) this.#bytes -= replaced.page.length;
    this.#pages.delete(etag);
    if (page.length > this.#maxBytes) return;
    this.#pages.set(etag, { page, usedAt: this.#asked });
    this.#bytes += page.length;
    for (const [oldest, { page: its }] of this.#pages) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#pages.delete(oldest);
      this.#bytes -= its.length;
    }
  }

  /** The page in an encoding; made off the event loop, and once for all who ask for it meanwhile. */
  async encoded(etag: string, encoding: Encoding, plain: Buffer): Promise<Buffer> {
    const already = this.#underWay.get(etag);
    if (already) return already;
    const work = encode(encoding, plain);
    this.#underWay.set(etag, work);
    try {
      const page = await work;
      const isWanted = this.isWorthKeeping(etag, page.length);
      if (isWanted || this.#hasRoomFor(page)) this.put(etag, page);
      return page;
    } finally {
      this.#underWay.delete(etag);
    }
  }

  /** Whether there is room, or the page that was used longest ago has stayed for long enough. */
  #hasRoomFor({ length }: Buffer): boolean {
    const [oldest] = this.#pages.values();
    if (oldest === undefined || this.#bytes + length <= this.#maxBytes) return true;
    return this.#asked - oldest.usedAt > TURNS_TO_STAY * this.#maxBytes;
  }
}
