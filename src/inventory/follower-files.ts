import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { claimFolder } from '../claim-folder.ts';

/** An organization, by its number, from when it was made or restored from a backup until it is restored the next time. */
type Life = { id: number; epoch: string };

/** An organization and its life stand first in the name of each file. */
const NAME = /^(\d+)-([^-.]+)/;

/**
 * The folder of files that follow what organizations have, one for each process, and their names: files of another life of
 * an organization, as before a backup was restored, mean nothing in this one.
 */
export class FollowerFiles {
  readonly release: () => void;
  readonly #folder: string;
  /** The life of each organization that was asked about. */
  readonly #epochs = new Map<number, string>();
  /** The names of files that nobody was told of yet, by the organization's number. */
  #left: Map<string, string[]> | undefined;

  /** @param root where the folder may lie; made when missing. */
  constructor(root: string) {
    const { path, release } = claimFolder(root);
    this.#folder = path;
    this.release = release;
  }

  /** The path of an organization's file, or what the paths of several begin with. */
  pathOf({ id, epoch }: Life, name?: string): string {
    return `${this.#folder}${sep}${id}-${epoch}${name === undefined ? '' : `-${name}`}`;
  }

  /** Each file that there is of other lives of an organization, and `pathOf` that life; told once in each life. */
  takeOthers({ id, epoch }: Life): { life: string; file: string }[] {
    const last = this.#epochs.get(id);
    if (last === epoch) return [];
    this.#epochs.set(id, epoch);
    // Some of them were made here, after the folder was looked at.
    if (last !== undefined) this.#left = undefined;
    // Somebody may have taken the folder away.
    const names = () => (existsSync(this.#folder) ? readdirSync(this.#folder) : []);
    this.#left ??= Map.groupBy(names(), (name) => NAME.exec(name)?.[1] ?? '');
    const left = this.#left.get(`${id}`) ?? [];
    this.#left.delete(`${id}`);
    return left
      .map((name) => ({ name, itsEpoch: NAME.exec(name)?.[2] ?? '' }))
      .filter(({ itsEpoch }) => itsEpoch !== epoch)
      .map(({ name, itsEpoch }) => ({
        life: this.pathOf({ id, epoch: itsEpoch }),
        file: join(this.#folder, name),
      }));
  }
}
