import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import {
  CompressionType,
  Endianness,
  setCompressionCodec,
  type Table,
  tableFromIPC,
} from '@uwdata/flechette';
import { decompressLz4Frame } from './lz4-frame.ts';

/** What a message holds, as its head says. */
const kinds = { schema: 1, dictionary: 2, rows: 3 };
type Message = { kind: number; start: number; end: number };

/** Numbers and times come as they are, without a type of JavaScript that holds less. */
const exact = { useBigInt: true, useBigIntTimestamp: true, useDecimalInt: true };

const encode = (): never => {
  throw new Error('Compression is not supported here.');
};
setCompressionCodec(CompressionType.LZ4_FRAME, { decode: decompressLz4Frame, encode });
setCompressionCodec(CompressionType.ZSTD, {
  decode: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(length, 1) }),
  encode,
});

/**
 * Reads an Arrow file (IPC, Feather 2) or stream: first a table that has its columns and no rows, then one for each
 * batch of rows that it has. No more than a batch is in memory, with the dictionaries.
 *
 * @throws Error that says what is wrong with the file.
 */
export function* readArrow(path: string): Generator<Table> {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const magic = read(file, 0, Math.min(size, 6)).toString('latin1');
    if (magic.startsWith('FEA1')) throw new Error('it is Feather version 1; save it as version 2');
    const isFile = magic === 'ARROW1';
    const [schema, ...others] = messagesOf(file, isFile ? 8 : 0, size);
    if (schema?.kind !== kinds.schema) throw new Error('it does not begin like an Arrow file');
    const bytesOf = ({ start, end }: Message) => read(file, start, end - start);
    const head = bytesOf(schema);
    const columns = tableFromIPC(head, exact);
    if (columns.schema.endianness === Endianness.Big)
      throw new Error('its numbers are big-endian; save it as little-endian');
    yield columns;

    const isDictionary = ({ kind }: Message) => kind === kinds.dictionary;
    // In a stream, a dictionary is of the rows after it; in a file, it may stand anywhere.
    const dictionaries = isFile ? others.filter(isDictionary).map(bytesOf) : [];
    for (const message of others) {
      if (isDictionary(message) && !isFile) dictionaries.push(bytesOf(message));
      if (message.kind === kinds.rows)
        yield tableFromIPC([head, ...dictionaries, bytesOf(message)], exact);
    }
  } finally {
    closeSync(file);
  }
}

/** Where the messages are, which follow each other in a file as they do in a stream. */
function messagesOf(file: number, first: number, size: number): Message[] {
  const messages: Message[] = [];
  for (let start = first; start + 8 <= size; ) {
    const begin = read(file, start, 8);
    const isOld = begin.readInt32LE(0) !== -1; // from before Arrow 0.15, when nothing stood before the length
    const headStart = start + (isOld ? 4 : 8);
    const headBytes = begin.readInt32LE(isOld ? 0 : 4);
    if (headBytes === 0) break;
    if (headBytes < 0 || headStart + headBytes > size) throw cutOff();
    const { kind, bodyBytes } = readHead(read(file, headStart, headBytes));
    const end = headStart + headBytes + bodyBytes;
    if (bodyBytes < 0 || end > size) throw cutOff();
    messages.push({ kind, start, end });
    start = end;
  }
  return messages;
}

/** Two fields of a FlatBuffer: https://github.com/apache/arrow/blob/main/format/Message.fbs */
function readHead(head: Buffer): { kind: number; bodyBytes: number } {
  const table = head.readUInt32LE(0);
  const fields = table - head.readInt32LE(table);
  const placeOf = (field: number) => {
    const isThere = field < head.readUInt16LE(fields);
    const offset = isThere ? head.readUInt16LE(fields + field) : 0;
    return offset === 0 ? undefined : table + offset;
  };
  const [kind, bodyBytes] = [placeOf(6), placeOf(10)];
  return {
    kind: kind === undefined ? 0 : head.readUInt8(kind),
    bodyBytes: bodyBytes === undefined ? 0 : Number(head.readBigInt64LE(bodyBytes)),
  };
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  if (readSync(file, bytes, 0, length, position) < length) throw cutOff();
  return bytes;
}

function cutOff(): Error {
  return new Error('it ends early, or is not an Arrow file');
}
