import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rm,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { version } from '@duckdb/node-api';
import type { Look } from './look.ts';

/** Changes with what is decided about files, so that what was decided before is decided again. */
const RULES = `2 ${version()}`;
const MOST_KEPT = 10_000;

/** What a file is known by: it changes whenever somebody writes to it. */
export function identityOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/**
 * What was found out about the files of a folder, each in a file of its own. All of it can be found out again: what is damaged,
 * missing or cannot be written is passed over.
 */
export class KeptLooks {
  readonly #place: string | undefined;

  /** @param place a folder for looks alone; undefined to keep none. */
  constructor(place: string | undefined) {
    this.#place = place;
  }

  find(path: string, identity: string): Look | undefined {
    if (this.#place === undefined) return undefined;
    try {
      const [sum = '', ...rest] = readFileSync(this.#fileOf(path), 'utf8').split('\n');
      const text = rest.join('\n');
      if (sum !== digest(text)) return undefined;
      const kept = JSON.parse(text) as {
        rules: string;
        path: string;
        identity: string;
        look: Look;
      };
      const isSame = kept.rules === RULES && kept.path === path && kept.identity === identity;
      return isSame ? kept.look : undefined;
    } catch {
      return undefined;
    }
  }

  keep(path: string, identity: string, look: Look): void {
    if (this.#place === undefined) return;
    const file = this.#fileOf(path);
    const unfinished = `${file}.${process.pid}`;
    const text = JSON.stringify({ rules: RULES, path, identity, look });
    try {
      mkdirSync(this.#place, { recursive: true });
      writeFileSync(unfinished, `${digest(text)}\n${text}`);
      renameSync(unfinished, file);
    } catch {
      rm(unfinished, { force: true }, () => undefined); // where it got as far as that
    }
  }

  /** Forgets the files of a folder that are there no more, and the oldest looks of all where there are very many. */
  sweep(folder: string, paths: readonly string[]): void {
    if (this.#place === undefined) return;
    const ofFolder = folderPart(folder);
    const kept = new Set(paths.map((path) => this.#fileOf(path)));
    try {
      const all = readdirSync(this.#place).map((name) => join(this.#place as string, name));
      const gone = all.filter((file) => basename(file).startsWith(ofFolder) && !kept.has(file));
      for (const file of gone) rmSync(file, { force: true });
      if (all.length - gone.length <= MOST_KEPT) return;
      const byAge = all.map((file) => ({ file, age: statSync(file).mtimeMs }));
      byAge.sort((a, b) => b.age - a.age);
      for (const { file } of byAge.slice(MOST_KEPT / 2)) rmSync(file, { force: true });
    } catch {
      // Another process sweeps, or the folder cannot be read: then another time.
    }
  }

  #fileOf(path: string): string {
    const name = `${folderPart(dirname(path))}${digest(path).slice(0, 32)}.json`;
    return join(this.#place as string, name);
  }
}

function folderPart(folder: string): string {
  return `${digest(folder).slice(0, 16)}-`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
