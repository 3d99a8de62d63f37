import { hash } from 'node:crypto';
import type { ListFile } from '../list-file/list-file.ts';
import type { PageFacts } from './page-envelope.ts';

/** Another number here makes every page anew for those who kept it: to be raised when the envelope or a row's shape changes. */
const FORMAT = 3;

/**
 * What identifies the bytes of a page without looking at them: the same on every server and for every token that sees
 * the same rows, another one as soon as a row of the page, the total or a link differs.
 *
 * First and last slot, how many rows, and the last change among them say which rows they are: of two states of a list,
 * the later one has on this page either a row that was changed since, whose number the earlier one had not, or only rows
 * that the earlier one had there too, and then as many are the same ones. A file that was damaged has a mark since it was
 * made again, as somebody may have got wrong bytes of it.
 */
export function pageTag(file: ListFile, epoch: string, facts: PageFacts): string {
  const { basePath, organization, list, page, perPage, includeSpaces, totalCount } = facts;
  const { start, count, crawl } = facts;
  const first = file.slotAt(start);
  const last = file.slotAt(start + count - 1);
  const rows = `${start}/${count}/${first}/${last}/${file.lastChangeOf(start, count)}`;
  const links = crawl === undefined ? '' : `/${crawl.next}/${crawl.previous}`;
  const place = `${page}/${perPage}/${includeSpaces ?? ''}/${totalCount}${links}`;
  return hash(
    'sha256',
    `${FORMAT}/${epoch}${basePath}/${organization}/${list}/${place}/${rows}${file.mark}`,
    'base64url',
  ).slice(0, 22);
}
