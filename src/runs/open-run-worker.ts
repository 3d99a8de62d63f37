import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ClaimedFolder, claimFolder } from '../claim-folder.ts';
import type { Config } from '../config.ts';
import { RunWorker, type WorkerParts } from './run-worker.ts';

type Parts = Omit<WorkerParts, 'limits' | 'folder' | 'atOnce' | 'mostRunning'>;

/** A worker as the configuration wants it, the folder in which it works, and what ends both. */
export function openRunWorker(
  config: Config,
  parts: Parts,
): { worker: RunWorker; folder: string; closeWorker: () => Promise<void> } {
  const folder = claimEmptyFolder(join(config.dataDir, 'work'));
  const worker = new RunWorker({
    ...parts,
    limits: {
      timeMs: config.querySeconds * 1000,
      rows: config.resultRows,
      bytes: config.resultMegabytes * 1_000_000,
      memoryBytes: config.queryMemoryMegabytes * 1_000_000,
    },
    folder: folder.path,
    atOnce: config.runsAtOnce,
    mostRunning: config.organizationRuns,
  });
  return {
    worker,
    folder: folder.path,
    async closeWorker() {
      await worker.stop();
      folder.release();
    },
  };
}

/** What a process that was killed left there goes. */
function claimEmptyFolder(root: string): ClaimedFolder {
  const folder = claimFolder(root);
  for (const name of readdirSync(folder.path)) {
    if (name.startsWith('lock')) continue;
    rmSync(join(folder.path, name), { recursive: true, force: true });
  }
  return folder;
}
