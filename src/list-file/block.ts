import { crc32 } from 'node:zlib';

/** So far apart the slots, and the changes, of one block may be. */
export const MAX_APART = 2 ** 32 - 1;

/** What a block consists of, in the order in which an index has it. */
export const blockFields = [
  'offset',
  'length',
  'checksum',
  'rowCount',
  'firstSlot',
  'lastSlot',
  'firstChange',
  'lastChange',
  'numbersOffset',
  'numbersChecksum',
] as const;

export type BlockFacts = Readonly<Record<(typeof blockFields)[number], number>>;

/**
 * Rows that lie together in a file, each followed by a comma: where they lie, and what is known of all of them. What is
 * known of each row is in the file as well (`RowNumbers`), so that a million rows take 2 MB of memory and not 12. It never
 * changes.
 */
export class Block implements BlockFacts {
  readonly offset: number;
  readonly length: number;
  /** See `signedCrc32`. */
  readonly checksum: number;
  readonly rowCount: number;
  /** The slot of the first row; the others have higher ones. */
  readonly firstSlot: number;
  readonly lastSlot: number;
  /** The lowest change of any row. */
  readonly firstChange: number;
  /** The highest change of any row. */
  readonly lastChange: number;
  /** Where the numbers of its rows begin in the file. */
  readonly numbersOffset: number;
  readonly numbersChecksum: number;

  constructor(facts: BlockFacts) {
    this.offset = facts.offset;
    this.length = facts.length;
    this.checksum = facts.checksum;
    this.rowCount = facts.rowCount;
    this.firstSlot = facts.firstSlot;
    this.lastSlot = facts.lastSlot;
    this.firstChange = facts.firstChange;
    this.lastChange = facts.lastChange;
    this.numbersOffset = facts.numbersOffset;
    this.numbersChecksum = facts.numbersChecksum;
  }
}

/** CRC-32 as a number with a sign: V8 keeps such a number in the object itself. */
export function signedCrc32(bytes: Uint8Array): number {
  return crc32(bytes) | 0;
}
