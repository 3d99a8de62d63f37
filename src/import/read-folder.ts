import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { quoted, UserError } from '../errors.ts';
import { type List, type ListName, listsParentsFirst } from '../inventory/lists.ts';
import { readLines } from './read-lines.ts';

/** A row as it was read, and where, in words for an error: `reports-page-3.json, row 17`. */
export type ReadRow = { row: unknown; where: string };

/** One list of a source. */
export type SourceList = {
  list: List;
  /** Whether every row that the source has is among the rows: only then does a missing one mean deleted. */
  isWhole: boolean;
  /** Whether rows of personal spaces are among them. */
  includesPersonal: boolean;
  /** How many rows there are, where that is known before they are read. */
  count: number | undefined;
  rows(): AsyncIterable<ReadRow> | Iterable<ReadRow>;
};

/** What a folder holds, parents before what belongs to them. */
export type SourceFolder = {
  /** The organization that the rows were saved from, where they say. */
  organization: string | undefined;
  lists: SourceList[];
};

/** A saved page without its rows. */
type Page = {
  file: string;
  list: List;
  page: number;
  count: number;
  totalCount: number;
  isLast: boolean;
  includesPersonal: boolean;
  organization: string | undefined;
};

/**
 * Reads what a folder holds of the six lists: saved Discovery pages (any `.json` file with `pagination` and a list),
 * or `LIST.ndjson` with one row a line. Other files are left alone.
 *
 * @throws UserError that names the file where one is broken.
 */
export function readFolder(folder: string): SourceFolder {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(
      `${folder} is not a folder. Give the folder that holds saved Discovery pages or NDJSON files.`,
    );
  }
  const files = readdirSync(folder).sort();
  const pages = files
    .filter((file) => file.endsWith('.json'))
    .map((file) => readPage(folder, file))
    .filter((page) => page !== undefined);

  const organizations = new Set(
    pages.map((page) => page.organization).filter((name) => name !== undefined),
  );
  if (organizations.size > 1) {
    throw new UserError(
      `${folder} holds pages of several organizations (${[...organizations].join(', ')}). Import one at a time, each from its own folder.`,
    );
  }

  const found: SourceList[] = [];
  let [organization] = organizations;
  for (const list of listsParentsFirst) {
    const file = `${list.name}.ndjson`;
    const ofList = pages.filter((page) => page.list === list);
    if (files.includes(file)) {
      if (ofList.length > 0) {
        throw new UserError(
          `${folder} holds ${list.name} twice: in ${file} and in ${ofList[0]?.file}. Keep one of them.`,
        );
      }
      found.push({
        list,
        isWhole: true,
        includesPersonal: true,
        count: undefined,
        rows: () => readRows(folder, file),
      });
      organization ??= firstOrganization(folder, file, list);
    } else if (ofList.length > 0) {
      found.push(listOfPages(folder, list, ofList));
    }
  }
  if (found.length === 0) {
    throw new UserError(
      `${folder} holds neither saved Discovery pages (such as reports-page-1.json) nor NDJSON files (such as reports.ndjson).`,
    );
  }
  return { organization, lists: found };
}

function listOfPages(folder: string, list: List, pages: Page[]): SourceList {
  const inOrder = pages.toSorted((a, b) => a.page - b.page);
  for (const [index, page] of inOrder.entries()) {
    const previous = inOrder[index - 1];
    if (previous?.page === page.page) {
      throw new UserError(
        `${previous.file} and ${page.file} are both page ${page.page} of ${list.name}. Keep one of them.`,
      );
    }
  }
  const last = inOrder.at(-1) as Page;
  const count = inOrder.reduce((sum, page) => sum + page.count, 0);
  return {
    list,
    isWhole: inOrder.length === last.page && last.isLast && count === last.totalCount,
    includesPersonal: !list.followsSpaces || inOrder.every((page) => page.includesPersonal),
    count,
    *rows() {
      for (const { file } of inOrder) {
        const rows = (readJson(folder, file) as Record<ListName, unknown[]>)[list.name];
        for (const [index, row] of rows.entries())
          yield { row, where: `${file}, row ${index + 1}` };
      }
    },
  };
}

/** The page in a file; undefined where the file is something else. */
function readPage(folder: string, file: string): Page | undefined {
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
      .find((name) => name !== undefined),
  };
}

function readJson(folder: string, file: string): unknown {
  return parseJson(readFileSync(join(folder, file), 'utf8'), file);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${where} is not valid JSON: ${(error as Error).message}.`);
  }
}

async function* readRows(folder: string, file: string): AsyncIterable<ReadRow> {
  let number = 0;
  for await (const line of readLines(join(folder, file))) {
    number++;
    if (line.trim() === '') continue;
    const where = `${file}, row ${number}`;
    yield { row: parseJson(line, where), where };
  }
}

/** The organization in the path that the first row has to its own resource. */
function firstOrganization(folder: string, file: string, { pathField }: List): string | undefined {
  if (pathField === undefined) return undefined;
  const start = Buffer.alloc(64 * 1024);
  const descriptor = openSync(join(folder, file), 'r');
  const length = readSync(descriptor, start);
  closeSync(descriptor);
  const [line] = start.toString('utf8', 0, length).split('\n', 1);
  return new RegExp(`"${pathField.name}":\\s*"[^"]*/api/([^/"]+)/`).exec(line ?? '')?.[1];
}
