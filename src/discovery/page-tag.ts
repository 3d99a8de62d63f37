import { createHash } from 'node:crypto';
import type { ListFile } from './list-file.ts';
import type { PageFacts } from './page-envelope.ts';

/** Another number here makes every page anew for those who kept it: to be raised when the envelope or a row's shape changes. */
const FORMAT = 1;
const MAX_KEPT = 20_000;

/**
 * What identifies the bytes of a page without looking at them: the same on every server and for every token that sees
 * the same rows, another one as soon as a row of the page, the total or a link differs. No two versions of a row share
 * the number of their last change.
 */
export class PageTags {
  readonly #kept = new WeakMap<ListFile, { version: number; tags: Map<string, string> }>();

  /** @param start the rank of the page's first row. */
  tagOf(file: ListFile, epoch: string, facts: PageFacts, start: number): string {
    let kept = this.#kept.get(file);
    if (kept?.version !== file.version || kept.tags.size > MAX_KEPT) {
      kept = { version: file.version, tags: new Map() };
      this.#kept.set(file, kept);
    }
    const { organization, list, page, perPage, includeSpaces, totalCount } = facts;
    const key = `${page}/${perPage}/${includeSpaces ?? ''}/${start}`;
    let tag = kept.tags.get(key);
    if (tag === undefined) {
      const changes = file.changesOf(start, perPage);
      tag = createHash('sha256')
        .update(`${FORMAT}/${epoch}/${organization}/${list}/${key}/${totalCount}/`)
        .update(new Uint8Array(changes.buffer))
        .digest('base64url')
        .slice(0, 22);
      kept.tags.set(key, tag);
    }
    return tag;
  }
}
