import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { decoded } from './plain-text.ts';
import { bytesOf, type Encoding } from './text-encoding.ts';

/** Numbers of a file that DuckDB, which reads those with a point or an exponent as 64-bit floats, would change. */
export type LongNumbers = {
  /** Whether it would change some wherever they are. */
  inexact: boolean;
  /** Whether there are whole numbers beyond 2^53 within objects or lists of a row. */
  nestedBeyondFloat: boolean;
};

/** What a number looks like that needs a closer look; in texts, too. */
const SUSPICIOUS = /[\d.]{16}|\d[eE][-+]?\d{2}/;
const TOKENS = /"[^"\\]*(?:\\(?:[\s\S]|$)[^"\\]*)*(?:"|$)|-?\d[\d.eE+-]*|-$|[{}[\]]/g;
const OVERLAP = 32;

export async function findLongNumbers(path: string, encoding: Encoding): Promise<LongNumbers> {
  const found = { inexact: false, nestedBeyondFloat: false };
  if (!(await hasSuspicious(path, encoding))) return found;
  const reader = numberReader((isLong, isNested) => {
    if (isLong === 'whole') found.nestedBeyondFloat ||= isNested;
    else found.inexact = true;
    return false;
  });
  for await (const text of decoded(bytesOf(path), encoding)) reader.read(text);
  reader.end();
  return found;
}

/** Writes a file of JSON again in UTF-8 without a mark, with the numbers as text that would be changed. */
export async function writePlainJson(
  { path, copy }: { path: string; copy: string },
  encoding: Encoding,
  { inexact }: LongNumbers,
): Promise<void> {
  await mkdir(dirname(copy), { recursive: true });
  const reader = numberReader((isLong, isNested) => isLong === 'float' || isNested);
  await pipeline(
    bytesOf(path),
    (chunks: AsyncIterable<Buffer>) => decoded(chunks, encoding),
    async function* (texts: AsyncIterable<string>) {
      for await (const text of texts) yield inexact ? reader.read(text) : text;
      yield reader.end();
    },
    createWriteStream(copy),
  );
}

async function hasSuspicious(path: string, encoding: Encoding): Promise<boolean> {
  let before = '';
  for await (const text of decoded(bytesOf(path), encoding)) {
    if (SUSPICIOUS.test(before + text)) return true;
    before = text.slice(-OVERLAP);
  }
  return false;
}

/** Reads a text in parts, and gives it back with those numbers in quotes that `isQuoted` says. */
function numberReader(isQuoted: (isLong: 'whole' | 'float', isNested: boolean) => boolean) {
  let depth = 0;
  let rowDepth: number | undefined;
  let carried = '';
  const take = (token: string): string => {
    if (token === '{' || token === '[') {
      depth++;
      // A row is an object at the top, or one in a list at the top.
      if (rowDepth === undefined) rowDepth = token === '[' ? 2 : 1;
    } else if (token === '}' || token === ']') depth--;
    else if (token[0] !== '"') {
      const isLong = lengthOf(token);
      if (isLong && isQuoted(isLong, depth > (rowDepth ?? 1))) return `"${token}"`;
    }
    return token;
  };
  return {
    read(text: string): string {
      const all = carried + text;
      // What ends the part may go on in the next: it is read with that.
      let end = all.length;
      for (const match of all.matchAll(TOKENS))
        if (match.index + match[0].length === all.length && !/[{}[\]]/.test(match[0]))
          end = match.index;
      carried = all.slice(end);
      return all.slice(0, end).replace(TOKENS, take);
    },
    end(): string {
      return carried.replace(TOKENS, take);
    },
  };
}

/** Whether a number has more digits than a 64-bit float gives back; undefined where it has not. */
function lengthOf(token: string): 'whole' | 'float' | undefined {
  if (!SUSPICIOUS.test(token)) return undefined;
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(Number(token)) ? undefined : 'whole';
  return digitsOf(token) === digitsOf(String(Number(token))) ? undefined : 'float';
}

/** Significant digits and their power of ten, the same for all ways to write a number. */
function digitsOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(number) ?? ['', '', number];
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return kept === '' ? '0' : `${sign}${kept}e${power}`;
}
