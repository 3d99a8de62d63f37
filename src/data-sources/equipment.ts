import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { FILES_HINT, findFilesFault, markFiles, recordFiles } from './files-mark.ts';
import { findKeyFault, KEY_HINT } from './key-mark.ts';
import type { ConnectionParts } from './open-connection.ts';
import { findStoreMarks } from './store-mark-store.ts';

/** What keeps a process from running queries as any other on the store would. */
export type Fault = {
  /** For anybody who asks: it names nothing of the machine or of an organization. */
  summary: string;
  /** For whoever runs the process. */
  message: string;
};

/** Undefined where nothing does. */
export type FindFault = () => Promise<Fault | undefined>;

/** How often files are looked for that the store does not know yet. */
const LOOK_MS = 10_000;

/**
 * Whether this machine has what the data sources of the store need: the key of their passwords, and the files that they
 * read. It is asked before each run is taken, for either may be replaced by another machine at any time.
 */
export function equipmentOf(
  { secretKey, filesDir }: ConnectionParts,
  { database, clock, identifiers }: { database: Database; clock: Clock; identifiers: Identifiers },
): FindFault {
  let lookedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const marks = await findStoreMarks(database);
    if (marks.files === undefined && clock() - lookedMs >= LOOK_MS) {
      lookedMs = clock();
      await recordFiles(database, filesDir, identifiers);
    }
    const keyFault = findKeyFault(marks, secretKey);
    if (keyFault !== undefined) {
      return {
        summary: 'This machine does not have the secret key of the store.',
        message: `${keyFault} ${KEY_HINT}`,
      };
    }
    const filesFault = await findFilesFault(database, marks, filesDir);
    if (filesFault === undefined) {
      if (marks.files !== undefined) markFiles(filesDir, marks.files);
      return undefined;
    }
    return {
      summary: 'This machine does not have the files that data sources read.',
      message: `${filesFault} ${FILES_HINT}`,
    };
  };
}
