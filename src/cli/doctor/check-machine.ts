import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { keyFile } from '../../data-sources/secret-key.ts';
import { beginning } from '../command-line.ts';
import type { RollcallCommand } from '../rollcall-command.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const NEEDED_NODE = 24;

export function checkNode(version = process.versions.node): Finding {
  return Number.parseInt(version, 10) >= NEEDED_NODE
    ? ok('node', `Node ${version}.`)
    : problem(
        'node',
        `Node ${version}; Rollcall runs on Node ${NEEDED_NODE} or newer.`,
        'Install Node 24 from https://nodejs.org.',
      );
}

/** Whether the data folder is there and nobody but its owner may enter it. */
export function checkDataFolder(
  command: RollcallCommand,
  { dataDir, databaseUrl }: Config,
): Finding {
  const check = 'data folder';
  if (!isFolder(dataDir)) {
    if (existsSync(dataDir)) {
      return problem(
        check,
        `${dataDir} is not a folder.`,
        'Name the right folder with --data-dir or ROLLCALL_DATA_DIR.',
      );
    }
    if (databaseUrl !== undefined) {
      return ok(check, `There is no folder ${dataDir} yet; a server creates it for its copies.`);
    }
    return problem(
      check,
      `There is no folder ${dataDir}.`,
      `Name the right one with --data-dir or ROLLCALL_DATA_DIR, or create a store: ${beginning(command)}`,
    );
  }
  const { mode } = statSync(dataDir);
  return isPrivate(mode)
    ? ok(check, `${dataDir} is private to its owner.`)
    : problem(
        check,
        `Other users can enter ${dataDir} (mode ${octal(mode)}).`,
        `Run: chmod 700 ${dataDir}`,
      );
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Only their owner may read the demo's credentials. */
export function checkDemoCredentials({ dataDir }: Config): Finding[] {
  return checkPrivate('demo credentials', join(dataDir, 'demo.json'));
}

/** Only its owner may read the file with the secret key, wherever it is; whether it is right, the store knows. */
export function checkKeyFile({ dataDir, secretKey, secretKeyFile }: Config): Finding[] {
  return secretKey === undefined
    ? checkPrivate('secret key file', secretKeyFile ?? keyFile(dataDir))
    : [];
}

function checkPrivate(check: string, file: string): Finding[] {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return [];
  return [
    isPrivate(mode)
      ? ok(check, `${file} is private to its owner.`)
      : problem(
          check,
          `Other users can read ${file} (mode ${octal(mode)}).`,
          `Run: chmod 600 ${file}`,
        ),
  ];
}

const MIB = 1024 * 1024;
const SCARCE_BYTES = 1024 * MIB;
const TOO_LITTLE_BYTES = 100 * MIB;

export async function checkDiskSpace({ dataDir }: Config): Promise<Finding> {
  const check = 'disk space';
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const message = `${Math.floor(free / MIB).toLocaleString('en')} MiB free for ${dataDir}.`;
  const hint = 'Free some space, or move the data folder to a larger disk while no server runs.';
  if (free < TOO_LITTLE_BYTES) return problem(check, message, hint);
  return free < SCARCE_BYTES ? warning(check, message, hint) : ok(check, message);
}

function isPrivate(mode: number): boolean {
  return (mode & 0o077) === 0;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8);
}
