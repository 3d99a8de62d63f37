import { createReadStream } from 'node:fs';

const LINE_FEED = 0x0a;

/**
 * The lines of a UTF-8 file. Only a line feed ends one: `node:readline` also breaks at U+2028 and U+2029, which JSON
 * allows inside text.
 */
export async function* readLines(path: string): AsyncIterable<string> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1024 * 1024,
  }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      rest.push(chunk.subarray(start, end));
      yield Buffer.concat(rest).toString('utf8');
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest).toString('utf8');
  if (last !== '') yield last;
}
