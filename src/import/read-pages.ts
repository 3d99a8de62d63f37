import { join } from 'node:path';
import { quoted, UserError } from '../errors.ts';
import { type List, type ListName, listsParentsFirst } from '../inventory/lists.ts';
import { badCharacter } from '../text.ts';
import { parseJson } from './read-json.ts';
import { readText } from './read-text.ts';
import { type Proof, type SourceList, WHOLE } from './source-list.ts';

/** A saved page without its rows. */
export type SavedPage = {
  file: string;
  list: List;
  page: number;
  count: number;
  totalCount: number;
  isLast: boolean;
  includesPersonal: boolean;
  organization: string | undefined;
};

/** A list in saved pages of it, whole where their numbers and totals say so. */
export function listOfPages(folder: string, list: List, pages: readonly SavedPage[]): SourceList {
  const inOrder = pages.toSorted((a, b) => a.page - b.page);
  for (const [index, page] of inOrder.entries()) {
    const previous = inOrder[index - 1];
    if (previous?.page === page.page) {
      throw new UserError(
        `${previous.file} and ${page.file} are both page ${page.page} of ${list.name}. Keep one of them.`,
      );
    }
  }
  return {
    list,
    proof: proofOf(list, inOrder),
    includesPersonal: !list.followsSpaces || inOrder.every((page) => page.includesPersonal),
    count: inOrder.reduce((sum, page) => sum + page.count, 0),
    *rows() {
      for (const { file } of inOrder) {
        const rows = (readJson(folder, file) as Record<ListName, unknown[]>)[list.name];
        for (const [index, row] of rows.entries())
          yield { row, where: `${file}, row ${index + 1}` };
      }
    },
  };
}

function proofOf({ name }: List, inOrder: readonly SavedPage[]): Proof {
  const first = inOrder[0] as SavedPage;
  const last = inOrder.at(-1) as SavedPage;
  const count = inOrder.reduce((sum, page) => sum + page.count, 0);
  const missing = inOrder.findIndex(({ page }, index) => page !== index + 1);
  const other = inOrder.find(({ totalCount }) => totalCount !== first.totalCount);
  const wrong =
    missing !== -1
      ? `page ${missing + 1} of ${name} is missing`
      : !last.isLast
        ? `${last.file} links to another page of ${name}`
        : other
          ? `${name} changed while they were saved: ${first.totalCount} in ${first.file}, ${other.totalCount} in ${other.file}`
          : count !== last.totalCount
            ? `the pages of ${name} have ${count} rows of ${last.totalCount}`
            : undefined;
  return wrong === undefined ? WHOLE : { isWhole: false, because: wrong, canBeTold: false };
}

/** The page in a file; undefined where the file is something else. */
export function readPage(folder: string, file: string): SavedPage | undefined {
  const content = readJson(folder, file);
  if (typeof content !== 'object' || content === null || !('pagination' in content))
    return undefined;
  const list = listsParentsFirst.find(({ name }) => name in content);
  if (list === undefined) return undefined;
  const { pagination, _links: links, [list.name]: rows } = content as Record<string, unknown>;
  if (!Array.isArray(rows)) {
    throw new UserError(`${file}: ${list.name} is ${quoted(rows)}; it must be a list of rows.`);
  }
  const { page, total_count: totalCount } = (pagination ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(page) || !Number.isSafeInteger(totalCount)) {
    throw new UserError(
      `${file}: pagination.page is ${quoted(page)} and pagination.total_count ${quoted(totalCount)}; both must be whole numbers.`,
    );
  }
  const { next_page: next, prev_page: previous } = (links ?? {}) as Record<
    string,
    { href?: string } | undefined
  >;
  const hrefs = [next?.href, previous?.href].filter((href) => typeof href === 'string');
  return {
    file,
    list,
    page: page as number,
    count: rows.length,
    totalCount: totalCount as number,
    isLast: next === undefined,
    includesPersonal: hrefs.some((href) => href.includes('include_spaces=all')),
    organization: hrefs
      .map((href) => /\/batch\/([^/]+)\//.exec(href)?.[1])
      .find((name) => name !== undefined && badCharacter(name) === undefined),
  };
}

function readJson(folder: string, file: string): unknown {
  return parseJson(readText(join(folder, file)), file);
}
