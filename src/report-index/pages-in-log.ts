import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const FRAMES_AT_ONCE = 64;
/** In its lowest bit, it says in which order of bytes the checksums count. */
const MAGIC = 0x377f0682;

/**
 * Which pages of a SQLite file are in its write-ahead log, committed, each with the checksum of the last of its versions
 * there; none where there is no log. It ends where it is not as SQLite wrote it (https://sqlite.org/walformat.html).
 */
export function readPagesInLog(path: string, pageSize: number): Map<number, number> {
  const pages = new Map<number, number>();
  if (!existsSync(`${path}-wal`)) return pages;
  const file = openSync(`${path}-wal`, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(file, header) < HEADER_BYTES) return pages;
    const magic = header.readUInt32BE(0);
    if ((magic & ~1) !== MAGIC || header.readUInt32BE(8) !== pageSize) return pages;
    const sum = new LogSum((magic & 1) === 1);
    sum.add(header.subarray(0, 24));
    if (!sum.isAt(header, 24)) return pages;
    /** Since the last commit. */
    const pending = new Map<number, number>();
    for (const frame of framesOf(file, FRAME_HEADER_BYTES + pageSize)) {
      const page = frame.subarray(FRAME_HEADER_BYTES);
      const isOfThisLog = header.compare(frame, 8, 16, 16, 24) === 0;
      sum.add(frame.subarray(0, 8));
      sum.add(page);
      if (!isOfThisLog || !sum.isAt(frame, 16)) break;
      pending.set(frame.readUInt32BE(0), crc32(page));
      const isCommit = frame.readUInt32BE(4) !== 0;
      if (!isCommit) continue;
      for (const [number, sumOfPage] of pending) pages.set(number, sumOfPage);
      pending.clear();
    }
    return pages;
  } finally {
    closeSync(file);
  }
}

/** All whole frames of a log. Each is to be used before the next one is asked for. */
function* framesOf(file: number, frameBytes: number): Generator<Buffer> {
  const memory = Buffer.allocUnsafeSlow(FRAMES_AT_ONCE * frameBytes);
  for (let from = HEADER_BYTES, read = memory.length; read === memory.length; from += read) {
    read = readSync(file, memory, 0, memory.length, from);
    for (let at = 0; at + frameBytes <= read; at += frameBytes) {
      yield memory.subarray(at, at + frameBytes);
    }
  }
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
