import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export const ZIP_TYPE = 'application/zip';

/** A file of an archive; it is opened when it is its turn. */
export type ZipEntry = { name: string; open: () => Promise<Readable> };

/** What is said of a file before it and again at the end of the archive; before it, nobody knows yet. */
type Sizes = { crc: number; packed: number; plain: number };
const UNKNOWN: Sizes = { crc: 0, packed: 0, plain: 0 };

const VERSION = 20;
/** What is known only afterwards stands behind the file, and names are UTF-8. */
const FLAGS = (1 << 3) | (1 << 11);
const DEFLATE = 8;
/** The first day that archives know: 1 January 1980. */
const NO_DATE = (1 << 5) | 1;
/** Longer ones need a form of archive that many programs cannot read. */
const MOST_BYTES = 0xffff_ffff;

/** A zip archive, made as it is read: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. */
export function zip(entries: readonly ZipEntry[]): Readable {
  return Readable.from(partsOf(entries), { objectMode: false });
}

async function* partsOf(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, open } of entries) {
    const start = offset;
    const head = Buffer.concat([
      bytes([4, 0x04034b50], [2, VERSION], ...fileFields(name, UNKNOWN)),
      Buffer.from(name),
    ]);
    yield head;
    const sizes = { ...UNKNOWN };
    for await (const part of packed(await open(), sizes)) yield part;
    const { crc, packed: packedBytes, plain } = sizes;
    if (Math.max(plain, start) > MOST_BYTES) {
      throw new Error('The results are too large for one archive.');
    }
    const tail = bytes([4, 0x08074b50], [4, crc], [4, packedBytes], [4, plain]);
    yield tail;
    offset += head.length + packedBytes + tail.length;
    directory.push(
      bytes([4, 0x02014b50], [2, VERSION], [2, VERSION], ...fileFields(name, sizes)),
      bytes([2, 0], [2, 0], [2, 0], [4, 0], [4, start]),
      Buffer.from(name),
    );
  }
  const count = entries.length;
  const all = Buffer.concat(directory);
  yield all;
  yield bytes(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, all.length],
    [4, offset],
    [2, 0],
  );
}

/** The content of a file, compressed; its sizes are known once all of it was read. */
async function* packed(content: Readable, sizes: Sizes): AsyncGenerator<Uint8Array> {
  content.on('data', (part: Buffer) => {
    sizes.crc = crc32(part, sizes.crc);
    sizes.plain += part.length;
  });
  for await (const part of pipeline(content, createDeflateRaw(), () => undefined)) {
    sizes.packed += part.length;
    yield part;
  }
}

type Field = [length: 2 | 4, value: number];

function fileFields(name: string, { crc, packed, plain }: Sizes): Field[] {
  return [
    [2, FLAGS],
    [2, DEFLATE],
    [2, 0],
    [2, NO_DATE],
    [4, crc],
    [4, packed],
    [4, plain],
    [2, Buffer.byteLength(name)],
    [2, 0],
  ];
}

function bytes(...fields: Field[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [length]) => sum + length, 0));
  let at = 0;
  for (const [length, value] of fields) at = buffer.writeUIntLE(value, at, length);
  return buffer;
}
