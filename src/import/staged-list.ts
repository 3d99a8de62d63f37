import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AnyRow, List } from '../inventory/lists.ts';
import { readLines } from './read-lines.ts';

/** Where the rows of a list are staged, one a line. */
export function stagedFile(folder: string, { name }: Pick<List, 'name'>): string {
  return join(folder, `${name}.ndjson`);
}

/** The staged rows of a list; none where it is not staged. */
export async function* readStaged(folder: string, list: List): AsyncGenerator<AnyRow, void, void> {
  const path = stagedFile(folder, list);
  if (!existsSync(path)) return;
  for await (const line of readLines(path)) yield JSON.parse(line);
}

/** Adds rows behind those that are staged already. */
export class StagedList {
  readonly #descriptor: number;
  #bytes: number;

  /** Opens the file, made when it is not there, and cuts off what lies behind its good part. */
  constructor(folder: string, list: List, goodBytes: number) {
    // What is staged may hold SQL and addresses: for its owner only.
    this.#descriptor = openSync(stagedFile(folder, list), 'a', 0o600);
    ftruncateSync(this.#descriptor, goodBytes);
    this.#bytes = goodBytes;
  }

  /** Answers how long the file is once the rows are safe on disk. */
  append(rows: readonly object[]): number {
    const lines = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeFileSync(this.#descriptor, lines);
    fdatasyncSync(this.#descriptor);
    this.#bytes += lines.length;
    return this.#bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
