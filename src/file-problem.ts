import { readFileSync, type Stats } from 'node:fs';
import { UserError } from './errors.ts';

/** What is wrong with a path. What is wrong with the disk is said in storage-fault.ts. */
const problems: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'it exists already',
  ENOTEMPTY: 'it is a folder that is not empty',
  ELOOP: 'its links lead in a loop',
  ENAMETOOLONG: 'its name is too long',
};

/** Why the system refused a file or folder, to end a sentence that names it. */
export function fileProblem(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return problems[code] ?? message;
}

/** What there is instead of a file, with its article; undefined where it is a file. */
export function otherThanFile(found: Stats): string | undefined {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** The whole sentence, of an error that is about a file and can be acted on; undefined for any other. */
export function describeFileError(error: unknown): string | undefined {
  const { code = '', path = 'A file', syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || !Object.hasOwn(problems, code)) return undefined;
  return `${path} cannot be used: ${problems[code]} (${code} at ${syscall}).`;
}

/** The bytes of a file that the user named as `what`. @throws UserError that names both, and why it cannot be read. */
export function readNamedFile(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(`${what}, ${path}, cannot be read: ${fileProblem(error)}.`);
  }
}
