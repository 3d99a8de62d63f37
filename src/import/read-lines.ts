import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { TextDecoder } from 'node:util';
import { UserError } from '../errors.ts';
import { fileProblem } from '../file-problem.ts';
import { decodeUtf16, encodingOf, notUtf8, requireFile } from './read-text.ts';

const LINE_FEED = 0x0a;
const READ_BYTES = 1024 * 1024;
/** Far more than the longest SQL takes, escaped. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

/**
 * The lines of a text file, in UTF-8 or, where it begins with a byte order mark, in UTF-16. Only a line feed ends one:
 * `node:readline` also breaks at U+2028 and U+2029, which JSON allows inside text.
 *
 * @throws UserError that names the file and the row where it is something else.
 */
export async function* readLines(path: string): AsyncIterable<string> {
  const name = basename(path);
  requireFile(path);
  let row = 0;
  for await (const line of splitLines(utf8Chunks(path), name)) {
    row++;
    if (!isUtf8(line)) throw notUtf8(`${name}, row ${row}`);
    yield line.toString();
  }
}

/** The bytes of a file, in UTF-8 where they are in UTF-16, without a byte order mark. */
async function* utf8Chunks(path: string): AsyncIterable<Buffer> {
  const name = basename(path);
  const options = { highWaterMark: READ_BYTES };
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  let rows = 0;
  try {
    for await (const chunk of createReadStream(path, options) as AsyncIterable<Buffer>) {
      if (isFirst) {
        const encoding = encodingOf(chunk);
        if (encoding !== 'utf-8') decoder = new TextDecoder(encoding, { fatal: true });
      }
      if (decoder) {
        const text = decodeUtf16(decoder, chunk, { name, what: 'row', before: rows });
        rows += text.split('\n').length - 1;
        yield Buffer.from(text);
      } else {
        yield isFirst && hasUtf8Mark(chunk) ? chunk.subarray(3) : chunk;
      }
      isFirst = false;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read: ${fileProblem(error)}.`);
  }
  if (decoder) decodeUtf16(decoder, undefined, { name, what: 'row', before: rows });
}

function hasUtf8Mark(chunk: Uint8Array): boolean {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
}

async function* splitLines(chunks: AsyncIterable<Buffer>, name: string): AsyncIterable<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let row = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      rest.push(chunk.subarray(start, end));
      yield Buffer.concat(rest);
      rest = [];
      restBytes = 0;
      start = end + 1;
      row++;
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > MAX_LINE_BYTES) {
      throw new UserError(
        `${name}, row ${row} is longer than ${MAX_LINE_BYTES} bytes; it must be one JSON object per line.`,
      );
    }
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last;
}
