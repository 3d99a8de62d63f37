import { quoted, UserError } from '../errors.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
import {
  DuplicateError,
  StoreBusyError,
  StoreFaultError,
  StoreUnavailableError,
} from './database.ts';

/** Writers got in each other's way, and PostgreSQL chose this one to begin again. */
export class ConflictError extends StoreBusyError {}

/** What PostgreSQL and the driver throw. A message of theirs never holds the password. */
type Failure = Error & { code?: string };

/** An error of PostgreSQL, of the driver or of the network in the words of the store; `place` names the database. */
export function inWords(failure: Failure, place: string): Error {
  const { code = '', message } = failure;
  const words = byCode[code];
  if (words) return words(message, place);
  const fault = storageFaultOf(failure);
  if (fault) {
    const message = `PostgreSQL at ${place} fails: ${failure.message}. ${storageFaults[fault]}`;
    return new StoreFaultError(fault, message, { cause: failure });
  }
  if (message.startsWith('timeout exceeded')) {
    return new StoreUnavailableError(
      `All connections of this process to PostgreSQL at ${place} have been in use for too long. ` +
        'ROLLCALL_DATABASE_CONNECTIONS sets their number.',
    );
  }
  if (UNAVAILABLE_CODE.test(code) || UNAVAILABLE_MESSAGE.test(message)) {
    return new StoreUnavailableError(`PostgreSQL at ${place} does not respond: ${message}.`);
  }
  if (message.startsWith('SASL:')) return refused(message, place);
  if (TLS_CODE.test(code) || TLS_MESSAGE.test(message)) {
    return new StoreUnavailableError(
      `PostgreSQL at ${place} cannot be reached by TLS: ${message}. ${HOW_TO_USE_TLS}`,
    );
  }
  return failure;
}

const HOW_TO_USE_TLS =
  'The end of the URL sets TLS: ?sslmode=verify-full, with &sslrootcert=FILE for your own certificate authority; ' +
  '?sslmode=no-verify to accept any certificate; ?sslmode=disable for none.';

const refused = (message: string, place: string) =>
  new StoreUnavailableError(
    `PostgreSQL at ${place} rejects this user: ${message}. The URL's user or password is wrong, or missing.`,
  );

const duplicate = (message: string) => new DuplicateError(message);
const conflict = () => new ConflictError('Several writers repeatedly blocked each other.');

const byCode: Record<string, (message: string, place: string) => Error> = {
  // unique_violation, duplicate_table, and duplicate_object: the type of a table that is made in the same moment
  '23505': duplicate,
  '42P07': duplicate,
  '42710': duplicate,
  // serialization_failure, deadlock_detected
  '40001': conflict,
  '40P01': conflict,
  // lock_not_available
  '55P03': () => new StoreBusyError('Another writer has held a required lock for too long.'),
  // invalid_password
  '28P01': refused,
  // invalid_authorization_specification
  '28000': (message, place) =>
    message.includes('no encryption')
      ? new StoreUnavailableError(
          `PostgreSQL at ${place} rejects this user without TLS. ${HOW_TO_USE_TLS}`,
        )
      : refused(message, place),
  // character_not_in_repertoire
  '22021': (message, place) =>
    new UserError(
      `A text has a character that PostgreSQL at ${place} cannot store, so nothing was written: ${message}. ` +
        'Zero bytes can never be stored; all other characters can if the database has the encoding UTF8.',
    ),
  // invalid_catalog_name
  '3D000': (message, place) =>
    new StoreUnavailableError(`PostgreSQL at ${place} says: ${message}. Create it with: createdb`),
  // insufficient_privilege
  '42501': (message, place) =>
    new UserError(
      `PostgreSQL at ${place} does not allow this user to do what is needed: ${message}. ` +
        'Rollcall needs a database or a schema that belongs to its user: ALTER DATABASE name OWNER TO user.',
    ),
  // invalid_schema_name: the search path names none that exists
  '3F000': (message, place) =>
    new UserError(
      `PostgreSQL at ${place} has no schema for Rollcall's tables: ${message}. Create it with: CREATE SCHEMA name AUTHORIZATION user`,
    ),
  // read_only_sql_transaction
  '25006': (message, place) =>
    new StoreFaultError(
      'read_only',
      `PostgreSQL at ${place} accepts no writes: ${message}. Use the primary, not a replica.`,
    ),
};

/** A connection that fails, a server that starts, stops, waits too long or has no room. */
const UNAVAILABLE_CODE =
  /^(08...|57...|53...|25P03|E(CONN|HOST|NET|AI_AGAIN|PIPE|TIMEDOUT|NOTFOUND|NOENT|ADDRNOTAVAIL).*)$/;
const UNAVAILABLE_MESSAGE =
  /^(Connection terminated|Connection ended|timeout expired|Query read timeout|Client (was closed|has encountered)|Cannot use a pool after|read E|write E|connect E)/i;
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const TLS_MESSAGE = /SSL connection|TLS connection/;

const OLDEST_VERSION = 15;

/** @throws UserError where the server is older than any that Rollcall works on. */
export function checkServerVersion(versionNumber: number, place: string): void {
  const version = Math.floor(versionNumber / 10_000);
  if (version >= OLDEST_VERSION) return;
  throw new UserError(
    `PostgreSQL at ${place} is version ${version}; Rollcall needs ${OLDEST_VERSION} or newer.`,
  );
}

/** @throws UserError where a new store would be in a database that has no place for most characters. */
export function checkEncoding(encoding: string, place: string): void {
  if (encoding === 'UTF8') return;
  throw new UserError(
    `The database ${place} has the encoding ${encoding}; Rollcall needs UTF8. Create another one with: ` +
      'createdb --encoding=UTF8 --template=template0 NAME',
  );
}

/** Where the database is, as messages may show it: without user and password. */
export function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return quoted(`${host || searchParams.get('host') || 'localhost'}${pathname}`);
}
