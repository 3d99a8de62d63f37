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
  /** Where the last version of each page begins, as of the last commit, and since then. */
  const places = new Map<number, number>();
  const pending = new Map<number, number>();
  const frameBytes = FRAME_HEADER_BYTES + pageSize;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const page = log.subarray(at + FRAME_HEADER_BYTES, at + frameBytes);
    const isOfThisLog = log.compare(log, 16, 24, at + 8, at + 16) === 0;
    sum.add(log.subarray(at, at + 8));
    sum.add(page);
    if (!isOfThisLog || !sum.isAt(log, at + 16)) break;
    pending.set(log.readUInt32BE(at), at + FRAME_HEADER_BYTES);
    const isCommit = log.readUInt32BE(at + 4) !== 0;
    if (!isCommit) continue;
    for (const [number, place] of pending) places.set(number, place);
    pending.clear();
  }
  for (const [number, place] of places) {
    pages.set(number, crc32(log.subarray(place, place + pageSize)));
  }
  return pages;
}

/** The checksum that goes on from frame to frame. */
class LogSum {
  readonly #isForeign: boolean;
  #first = 0;
  #second = 0;

  constructor(isBigEndian: boolean) {
    this.#isForeign = isBigEndian !== (endianness() === 'BE');
  }

  add(bytes: Buffer): void {
    const isAligned = bytes.byteOffset % 4 === 0;
    const own = isAligned && !this.#isForeign ? bytes : Buffer.from(bytes);
    if (this.#isForeign) own.swap32();
    const words = new Uint32Array(own.buffer, own.byteOffset, own.length / 4);
    let first = this.#first;
    let second = this.#second;
    for (let index = 0; index < words.length; index += 2) {
      first = (first + (words[index] as number) + second) | 0;
      second = (second + (words[index + 1] as number) + first) | 0;
    }
    this.#first = first;
    this.#second = second;
  }

  isAt(log: Buffer, at: number): boolean {
    return log.readInt32BE(at) === this.#first && log.readInt32BE(at + 4) === this.#second;
  }
}
