import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { TextDecoder } from 'node:util';
import { UserError } from '../errors.ts';
import { fileProblem } from '../file-problem.ts';

const LINE_FEED = 0x0a;
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * The text of a file, in UTF-8 or, where it begins with a byte order mark, in UTF-16.
 *
 * @throws UserError that names the file and the line where it is something else.
 */
export function readText(path: string): string {
  const name = basename(path);
  const { size } = requireFile(path);
  if (size > MAX_FILE_BYTES) {
    throw new UserError(`${name} has ${size} bytes; the limit is ${MAX_FILE_BYTES}.`);
  }
  return decodeText(readFileSync(path), name);
}

/** The same of bytes that were read already. */
export function decodeText(bytes: Buffer, name: string): string {
  const encoding = encodingOf(bytes);
  if (encoding !== 'utf-8') {
    const decoder = new TextDecoder(encoding, { fatal: true });
    const place = { name, what: 'line', before: 0 } as const;
    const text = decodeUtf16(decoder, bytes, place);
    const before = text.split('\n').length - 1;
    return text + decodeUtf16(decoder, undefined, { ...place, before });
  }
  if (!isUtf8(bytes)) throw notUtf8(`${name}, line ${firstBadLine(bytes)}`);
  return new TextDecoder().decode(bytes);
}

/** What the first `bytes` of a file say, as well as they can be read. */
export function readStart(path: string, bytes: number): string {
  return readPart(path, () => ({ start: 0, bytes }));
}

/** What the last `bytes` of a file say, as well as they can be read. An even number, for UTF-16. */
export function readEnd(path: string, bytes: number): string {
  return readPart(path, (size) => ({
    start: Math.max(0, 2 * Math.floor((size - bytes) / 2)),
    bytes: bytes + 1,
  }));
}

function readPart(
  path: string,
  partOf: (size: number) => { start: number; bytes: number },
): string {
  const { start, bytes } = partOf(requireFile(path).size);
  const mark = Buffer.alloc(2);
  const part = Buffer.alloc(bytes);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, mark, 0, mark.length, 0);
    const length = readSync(descriptor, part, 0, bytes, start);
    return new TextDecoder(encodingOf(mark)).decode(part.subarray(0, length));
  } finally {
    closeSync(descriptor);
  }
}

/** @throws UserError where it is no file: reading from a pipe or a device could wait for ever. */
export function requireFile(path: string): { size: number } {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats;
    const what = stats.isDirectory() ? 'it is a folder' : 'it is a pipe or a device';
    throw new UserError(`${path} cannot be read: ${what}, not a file. Move it away.`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read: ${fileProblem(error)}.`);
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the byte order mark: what Windows calls Unicode has one. */
export function encodingOf(start: Uint8Array): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/**
 * Decodes the next part of a text, or ends it where there is none.
 *
 * @param place the file, what its lines are called, and how many come before this part.
 * @throws UserError that names the line where it is not well-formed.
 */
export function decodeUtf16(
  decoder: TextDecoder,
  bytes: Uint8Array | undefined,
  { name, what, before }: { name: string; what: 'line' | 'row'; before: number },
): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    const [whole = ''] = new TextDecoder(decoder.encoding).decode(bytes).split('\ufffd', 1);
    const line = before + whole.split('\n').length;
    throw new UserError(
      `${name}, ${what} ${line} is not UTF-16, unlike the first bytes of the file. Save the file as UTF-8.`,
    );
  }
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
    line++;
  }
  return line;
}

export function notUtf8(where: string): UserError {
  return new UserError(
    `${where} is not UTF-8. Save the file as UTF-8; if it is Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE.`,
  );
}
