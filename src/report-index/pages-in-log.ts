import { existsSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** In its lowest bit, it says in which order of bytes the checksums count. */
const MAGIC = 0x377f0682;

/**
 * Which pages of a SQLite file are in its write-ahead log, committed, each with the checksum of the last of its versions
 * there; none where there is no log. It ends where it is not as SQLite wrote it (https://sqlite.org/walformat.html).
 */
export function readPagesInLog(path: string, pageSize: number): Map<number, number> {
  const file = `${path}-wal`;
  const pages = new Map<number, number>();
  if (!existsSync(file)) return pages;
  const log = readFileSync(file);
  if (log.length < HEADER_BYTES) return pages;
  const magic = log.readUInt32BE(0);
  if ((magic & ~1) !== MAGIC || log.readUInt32BE(8) !== pageSize) return pages;
  const sum = new LogSum((magic & 1) === 1);
  sum.add(log.subarray(0, 24));
  if (!sum.isAt(log, 24)) return pages;
  /** Since the last commit. */
  const pending = new Map<number, number>();
  const frameBytes = FRAME_HEADER_BYTES + pageSize;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const page = log.subarray(at + FRAME_HEADER_BYTES, at + frameBytes);
    const isOfThisLog = log.compare(log, 16, 24, at + 8, at + 16) === 0;
    sum.add(log.subarray(at, at + 8));
    sum.add(page);
    if (!isOfThisLog || !sum.isAt(log, at + 16)) break;
    pending.set(log.readUInt32BE(at), crc32(page));
    const isCommit = log.readUInt32BE(at + 4) !== 0;
    if (!isCommit) continue;
    for (const [number, its] of pending) pages.set(number, its);
    pending.clear();
  }
  return pages;
}

/** The checksum that goes on from frame to frame. */
class LogSum {
  readonly #isBigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  add(bytes: Buffer): void {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(bytes);
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
    const isForeign = this.#isBigEndian !== (endianness() === 'BE');
    const wordAt = (index: number) =>
      isForeign ? aligned.readUInt32BE(4 * index) : (words[index] as number);
    let [first, second] = [this.#first, this.#second];
    for (let index = 0; index < words.length; index += 2) {
      first = (first + wordAt(index) + second) >>> 0;
      second = (second + wordAt(index + 1) + first) >>> 0;
    }
    [this.#first, this.#second] = [first, second];
  }

  isAt(log: Buffer, at: number): boolean {
    return log.readUInt32BE(at) === this.#first && log.readUInt32BE(at + 4) === this.#second;
  }
}
