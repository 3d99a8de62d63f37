import { crc32 } from 'node:zlib';
import { StoreFaultError } from '../database/database.ts';
import { describeMiscount, type Miscount } from './row-counts.ts';

type Checked = {
  slot: number;
  id: number;
  token: string;
  personal: boolean | number;
  body: Uint8Array;
};

/** Stands for the bytes of a row, its place, what identifies it and who may see it. */
export function checksumOf({ slot, id, token, personal, body }: Checked): number {
  return crc32(body, crc32(`${slot} ${id} ${Number(personal)} ${token}`));
}

/**
 * The row without its checksum. A store does not look at what lies within a row, so damage there would be served as it is.
 *
 * @throws StoreFaultError where the row is not as it was written. One without bytes, or written before there were checksums,
 * passes.
 */
export function verifyRow<
  Row extends Omit<Checked, 'body'> & { body: Uint8Array | null; checksum: number | null },
>({ checksum, ...row }: Row): Omit<Row, 'checksum'> {
  const { body } = row;
  if (body === null || checksum === null) return row;
  if (!(body instanceof Uint8Array) || checksumOf({ ...row, body }) !== checksum) {
    throw new StoreFaultError(
      'store_damaged',
      `The row at slot ${row.slot} differs from what was written to the store.`,
    );
  }
  return row;
}

/** What is said of an organization that is asked for by its number: none is ever deleted. */
export function lostOrganization(id: number): StoreFaultError {
  return new StoreFaultError('store_damaged', `The store no longer has the organization ${id}.`);
}

/** What is thrown where lists cannot be read to their ends. */
export function miscounted(miscounts: readonly Miscount[]): StoreFaultError {
  const described = miscounts.map(describeMiscount).join('; ');
  return new StoreFaultError('store_damaged', `The store has lost rows: ${described}.`);
}
