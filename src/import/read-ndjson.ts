import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { type EndLine, readEndLine } from '../inventory/end-line.ts';
import type { List } from '../inventory/lists.ts';
import { parseJson } from './read-json.ts';
import { readLines } from './read-lines.ts';
import { readEnd, readStart } from './read-text.ts';
import { type ReadRow, type SourceList, WHOLE } from './source-list.ts';

/** A list in a file with one row a line, whole where its last line says how many they are. */
export function listOfNdjson(folder: string, file: string, list: List): SourceList {
  const end = findEndLine(join(folder, file));
  const because = `${file} has no end line, which "rollcall crawl --end-line" writes`;
  return {
    list,
    proof: end ? WHOLE : { isWhole: false, because, canBeTold: true },
    includesPersonal: !list.followsSpaces || end === undefined || end.includesPersonal,
    count: end?.rows,
    rows: () => readRows(folder, file, list),
  };
}

/** The organization in the path that the first row has to its own resource. */
export function organizationIn(
  folder: string,
  file: string,
  { pathField }: List,
): string | undefined {
  if (pathField === undefined) return undefined;
  const [line] = readStart(join(folder, file), 64 * 1024).split('\n', 1);
  return new RegExp(`"${pathField.name}":\\s*"[^"]*/api/([^/"]+)/`).exec(line ?? '')?.[1];
}

async function* readRows(folder: string, file: string, list: List): AsyncIterable<ReadRow> {
  let number = 0;
  let rows = 0;
  let end: EndLine | undefined;
  for await (const line of readLines(join(folder, file))) {
    number++;
    if (line.trim() === '') continue;
    const where = `${file}, row ${number}`;
    const row = parseJson(line, where);
    if (end) {
      throw new UserError(
        `${where} comes after the end line of the list. Crawl ${list.name} into a file of its own.`,
      );
    }
    end = readEndLine(row);
    if (end === undefined) {
      rows++;
      yield { row, where };
    } else if (end.list !== list.name || end.rows !== rows) {
      throw new UserError(
        `${where} ends the list ${end.list} after rows: ${end.rows}; the file has ${list.name}, rows: ${rows}. Crawl ${list.name} again.`,
      );
    }
  }
}

function findEndLine(path: string): EndLine | undefined {
  const last =
    readEnd(path, 4 * 1024)
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  try {
    return readEndLine(JSON.parse(last));
  } catch {
    return undefined;
  }
}
