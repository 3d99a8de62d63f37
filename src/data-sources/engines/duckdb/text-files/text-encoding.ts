import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { QueryError } from '../../../query-error.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** An encoding as people call it. */
export function nameOf(encoding: Encoding): string {
  return encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase();
}

/** What the bytes of a text file say of it. */
export type Written = {
  encoding: Encoding;
  /** Whether the encoding is only likely: nothing in the file says it. */
  isGuess: boolean;
  /** Whether a byte order mark says it. */
  hasMark: boolean;
  /** How its text begins. */
  head: string;
  /** Whether that is all of it. */
  isWhole: boolean;
};

const HEAD_BYTES = 256 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Characters that Windows-1252 has none for. */
const UNDEFINED_IN_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

const marks: { encoding: Encoding | 'UTF-32'; bytes: number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'UTF-32', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'UTF-32', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** The bytes of a file, unpacked. */
export function bytesOf(path: string): Readable {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unpack = /\.gz$/i.test(path)
    ? createGunzip({ chunkSize: CHUNK_BYTES })
    : /\.zst$/i.test(path)
      ? createZstdDecompress({ chunkSize: CHUNK_BYTES })
      : undefined;
  if (unpack === undefined) return stream;
  stream.on('error', (error) => unpack.destroy(error));
  return stream.pipe(unpack).on('close', () => stream.destroy());
}

/**
 * How the characters of a file are written: as its byte order mark says; without one UTF-8, where all of it is; else, as
 * a guess, Windows-1252.
 *
 * @param isBeginningEnough whether UTF-8 at the beginning will do, for who notices where the rest is not.
 * @throws QueryError where it is written otherwise, or is no text.
 */
export async function readEncoding(
  path: string,
  { isBeginningEnough = false }: { isBeginningEnough?: boolean } = {},
): Promise<Written> {
  const start = await beginningOf(path);
  const mark = marks.find(({ bytes }) => bytes.every((byte, index) => start.bytes[index] === byte));
  if (mark?.encoding === 'UTF-32') throw unreadable('it is UTF-32; save it as UTF-8');
  const encoding = mark?.encoding ?? wideWithoutMark(start.bytes);
  if (encoding !== undefined && encoding !== 'utf-8') return written(encoding, start, mark);
  if (start.bytes.includes(0)) throw unreadable('it has zero bytes, so it is not text');
  const beginning = start.bytes.subarray(0, endOfCharacters(start.bytes));
  if ((isBeginningEnough || start.isWhole) && isUtf8(start.isWhole ? start.bytes : beginning))
    return written('utf-8', start, mark);

  const scan = await scanUtf8(path);
  if (scan.hasZero) throw unreadable('it has zero bytes, so it is not text');
  if (scan.wrong === 0) return written('utf-8', start, mark);
  if (mark !== undefined || scan.right > scan.wrong)
    throw unreadable(
      `line ${scan.line} is not UTF-8, unlike the rest: it has the byte 0x${scan.byte.toString(16)}; save the file as UTF-8`,
    );
  if (scan.isUndefined)
    throw unreadable('its encoding is neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8');
  return written('windows-1252', start, undefined);
}

async function beginningOf(path: string): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of unpacked(path)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > HEAD_BYTES) break;
  }
  const bytes = Buffer.concat(chunks);
  return { bytes: bytes.subarray(0, HEAD_BYTES), isWhole: bytes.length <= HEAD_BYTES };
}

function written(
  encoding: Encoding,
  { bytes, isWhole }: { bytes: Buffer; isWhole: boolean },
  mark: object | undefined,
): Written {
  const head = new TextDecoder(encoding).decode(bytes, { stream: !isWhole });
  const hasMark = mark !== undefined;
  return { encoding, isGuess: encoding !== 'utf-8' && !hasMark, hasMark, head, isWhole };
}

/** UTF-16 without a mark has zeros in every other byte where it is mostly ASCII. */
function wideWithoutMark(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const looked = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  for (const [index, byte] of looked.entries())
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = looked.length / 5;
  if (odd > many && even === 0) return 'utf-16le';
  if (even > many && odd === 0) return 'utf-16be';
  return undefined;
}

type Scan = {
  hasZero: boolean;
  /** How many characters beyond ASCII are UTF-8, and how many bytes are not. */
  right: number;
  wrong: number;
  /** Whether some byte stands for nothing in Windows-1252. */
  isUndefined: boolean;
  /** Where the first wrong byte is, and which. */
  line: number;
  byte: number;
};

async function scanUtf8(path: string): Promise<Scan> {
  const scan = { hasZero: false, right: 0, wrong: 0, isUndefined: false, line: 1, byte: 0 };
  let rest: Buffer = Buffer.alloc(0);
  let isUtf8SoFar = true;
  for await (const chunk of unpacked(path)) {
    scan.hasZero ||= chunk.includes(0);
    if (scan.hasZero) return scan;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = endOfCharacters(bytes);
    const whole = bytes.subarray(0, end);
    rest = Buffer.from(bytes.subarray(end));
    isUtf8SoFar &&= isUtf8(whole);
    if (!isUtf8SoFar) break;
  }
  if (isUtf8SoFar && rest.length === 0) return scan;
  // It is not UTF-8: only now is each byte looked at.
  for await (const chunk of unpacked(path)) {
    scan.hasZero ||= chunk.includes(0);
    if (UNDEFINED_IN_1252.some((byte) => chunk.includes(byte))) scan.isUndefined = true;
    countCharacters(chunk, scan);
  }
  return scan;
}

/** Where the last whole character of UTF-8 ends. */
function endOfCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** A character that two chunks share counts as wrong, which does not matter. */
function countCharacters(bytes: Buffer, scan: Scan): void {
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number;
    if (byte === 0x0a && scan.wrong === 0) scan.line++;
    const length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (length === 1) at++;
    else if (length > 0 && isUtf8(bytes.subarray(at, at + length))) {
      scan.right++;
      at += length;
    } else {
      if (scan.wrong++ === 0) scan.byte = byte;
      at++;
    }
  }
}

async function* unpacked(path: string): AsyncGenerator<Buffer> {
  try {
    yield* bytesOf(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (/^(Z_|ZSTD_|ERR_ZSTD)/.test(String(code)))
      throw unreadable(`its compressed data is damaged (${message})`);
    throw error;
  }
}

/** Says why a file cannot be read; its name is put before that. */
export function unreadable(why: string): QueryError {
  return new QueryError({ code: 'sql_error', message: why });
}
