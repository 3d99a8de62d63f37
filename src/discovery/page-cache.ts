import { type Encoding, encode } from '../http/content-encoding.ts';

/**
 * Pages as they were last sent, by their ETag, which is another one as soon as a byte differs: nothing kept here can be
 * out of date. Bounded in bytes; what was not used for longest goes first.
 */
export class PageCache {
  readonly #maxBytes: number;
  #bytes = 0;
  /** In the order of their last use, oldest first. */
  readonly #pages = new Map<string, Buffer>();
  /** How long the pages are that were asked for lately and not kept; oldest first, together no more than could be kept. */
  readonly #askedOnce = new Map<string, number>();
  #askedOnceBytes = 0;
  readonly #underWay = new Map<string, Promise<Buffer>>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(etag: string): Buffer | undefined {
    const page = this.#pages.get(etag);
    if (page === undefined) return undefined;
    this.#pages.delete(etag);
    this.#pages.set(etag, page);
    return page;
  }

  /**
   * Whether a page of this length is worth keeping: if it was asked for lately, so that it would still be there. A crawl of
   * a list that is longer than the cache, even one that comes again and again, would only drive out everything else.
   */
  isWorthKeeping(etag: string, length: number): boolean {
    const lengthBefore = this.#askedOnce.get(etag) ?? 0;
    this.#askedOnceBytes -= lengthBefore;
    if (this.#askedOnce.delete(etag)) return true;
    this.#askedOnce.set(etag, length);
    this.#askedOnceBytes += length;
    for (const [oldest, itsLength] of this.#askedOnce) {
      if (this.#askedOnceBytes <= this.#maxBytes) break;
      this.#askedOnce.delete(oldest);
      this.#askedOnceBytes -= itsLength;
    }
    return false;
  }

  put(etag: string, page: Buffer): void {
    const replaced = this.#pages.get(etag);
    if (replaced) this.#bytes -= replaced.length;
    this.#pages.delete(etag);
    if (page.length > this.#maxBytes) return;
    this.#pages.set(etag, page);
    this.#bytes += page.length;
    for (const [oldest, { length }] of this.#pages) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#pages.delete(oldest);
      this.#bytes -= length;
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
      this.put(etag, page);
      return page;
    } finally {
      this.#underWay.delete(etag);
    }
  }
}
