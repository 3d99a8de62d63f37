import { finished, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export const ZIP_TYPE = 'application/zip';

/** A file of an archive; it is opened when it is its turn. */
export type ZipEntry = { name: string; open: () => Promise<Readable> };

/** The first day that archives know: results have no time that all of them share. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * A zip archive of any size, made as it is read. A file that fails fails the archive; if the archive is destroyed, so is
 * the file that is being read.
 */
export function zip(entries: readonly ZipEntry[]): Readable {
  const archive = new ZipFile();
  const output = archive.outputStream as Readable;
  let file: Readable | undefined;
  const fail = (error: unknown) => output.destroy(error as Error);
  // It may fail before anybody listens; whoever sends it sees that it was destroyed.
  output.on('error', () => undefined).once('close', () => file?.destroy());
  for (const { name, open } of entries) {
    archive.addReadStreamLazy(name, { mtime: NO_TIME }, (use) => {
      open().then((opened) => {
        if (output.destroyed) return void opened.destroy();
        file = opened;
        finished(file, (error) => error && fail(error));
        use(null, file);
      }, fail);
    });
  }
  archive.end();
  return output;
}
