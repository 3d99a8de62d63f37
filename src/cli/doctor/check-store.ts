import type { AccessTokenKind } from '../../access-tokens/access-token.ts';
import { listAccessTokens } from '../../access-tokens/access-token-store.ts';
import { type Clock, wireTime } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { listAllDataSources } from '../../data-sources/data-source-store.ts';
import { FILES_HINT, findFilesFault, hasUnknownFiles } from '../../data-sources/files-mark.ts';
import { findOldKeyFault, isLocked, KEY_HINT } from '../../data-sources/key-mark.ts';
import { filesDirOf } from '../../data-sources/organization-files.ts';
import { secretKeyOf } from '../../data-sources/secret-key.ts';
import { findStoreMarks } from '../../data-sources/store-mark-store.ts';
import { type Database, StoreUnavailableError } from '../../database/database.ts';
import { describePlace, hasStoreFile, isMade, openStoreAsItIs } from '../../database/open-store.ts';
import { OlderProgramError } from '../../database/schema.ts';
import { findStoreElsewhere } from '../../database/store-elsewhere.ts';
import { quoted, UserError } from '../../errors.ts';
import { randomIdentifiers } from '../../identifiers.ts';
import { findImport } from '../../import/import-store.ts';
import { checkRows } from '../../inventory/row-check.ts';
import { countRows, getRowCounts } from '../../inventory/row-store.ts';
import { miscounted } from '../../inventory/store-damage.ts';
import type { Organization } from '../../organizations/organization.ts';
import { listOrganizations } from '../../organizations/organization-store.ts';
import { storageFaultOf } from '../../storage-fault.ts';
import { asTyped, beginning } from '../command-line.ts';
import type { RollcallCommand } from '../rollcall-command.ts';
import { checkDistribution, checkServer } from './check-place.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const RESTORE = 'Stop the server, keep a copy of the data folder, and restore a backup.';

/** Whether the store opens, is sound and current, and holds what agrees; each as far as the one before allows. */
export async function checkStore(
  command: RollcallCommand,
  config: Config,
  clock: Clock,
): Promise<Finding[]> {
  const elsewhere = config.databaseUrl === undefined ? findStoreElsewhere(config) : undefined;
  if (elsewhere !== undefined) {
    const [message = '', hint = ''] = elsewhere.split('\n');
    return [problem('store', message, hint)];
  }
  if (config.databaseUrl === undefined && !hasStoreFile(config)) return [noStore(command, config)];
  let database: Database | undefined;
  try {
    database = openStoreAsItIs(config);
    if (!(await isMade(database))) return [noStore(command, config)];
    const findings = [await checkSoundness(config, database), await checkSchema(command, database)];
    findings.push(...(await checkServer(config, database, clock)));
    findings.push(...(await checkDistribution(database)));
    if (findings.some(({ result }) => result !== 'ok')) return findings;
    findings.push(await checkSecretKey(config, database), await checkFiles(config, database));
    for (const organization of await listOrganizations(database)) {
      findings.push(await checkLists(database, organization));
      findings.push(await checkAccessTokens(database, organization, clock));
    }
    return findings;
  } catch (error) {
    return [unreadable(error as Error)];
  } finally {
    await database?.close();
  }
}

function noStore(command: RollcallCommand, config: Config): Finding {
  return problem(
    'store',
    `There is no store in ${describePlace(config)}.`,
    `Name the right one with ROLLCALL_DATABASE_URL, --data-dir or ROLLCALL_DATA_DIR, or create a store: ${beginning(command)}`,
  );
}

/** Whether the passwords of data sources can be opened here. */
async function checkSecretKey(config: Config, database: Database): Promise<Finding> {
  const check = 'secret key';
  try {
    const secretKey = secretKeyOf(config, randomIdentifiers);
    const fault = await findOldKeyFault(database, secretKey);
    if (fault !== undefined) return problem(check, fault, KEY_HINT);
    const key = secretKey.find();
    if (key === undefined) return ok(check, 'There is none, and no password needs one.');
    const locked = (await listAllDataSources(database)).filter((one) => isLocked(key, one));
    if (locked.length === 0)
      return ok(check, `It is in ${secretKey.place}, and decrypts every password.`);
    const named = locked.map(
      ({ organization, source }) => `${quoted(source.name)} of ${organization.username}`,
    );
    return warning(
      check,
      `It does not decrypt the passwords of ${named.join(', ')}.`,
      'Enter these passwords again.',
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return problem(check, error.message, KEY_HINT);
  }
}

/** Whether the files that data sources read are here. */
async function checkFiles(config: Config, database: Database): Promise<Finding> {
  const check = 'files folder';
  const filesDir = filesDirOf(config);
  const marks = await findStoreMarks(database);
  const fault = await findFilesFault(database, marks, filesDir);
  if (fault !== undefined) return problem(check, fault, FILES_HINT);
  if (await hasUnknownFiles(database, marks, filesDir)) {
    return warning(
      check,
      `No server or worker has written .rollcall-files into ${filesDir}, so one without these files would take runs and fail them.`,
      'Make the folder writable for the user of the server, and run "rollcall adopt --files" as that user.',
    );
  }
  return ok(check, `Data sources read files in ${filesDir}.`);
}

function unreadable(error: Error): Finding {
  if (error instanceof OlderProgramError) {
    return problem('schema', error.summary, error.remedy);
  }
  const fault = storageFaultOf(error);
  if (fault === 'store_damaged') return problem('store', error.message, RESTORE);
  if (fault !== undefined) {
    return problem(
      'store',
      error.message,
      'Free some disk space, or give the server’s user access to the folder.',
    );
  }
  if (error instanceof StoreUnavailableError) {
    return problem(
      'store',
      error.message,
      'Check ROLLCALL_DATABASE_URL, and that the database is running.',
    );
  }
  if (error instanceof UserError) {
    const [message = '', hint = RESTORE] = error.message.split('\n');
    return problem('store', message, hint);
  }
  return problem('store', `The store cannot be read: ${error.message}.`, RESTORE);
}

async function checkSoundness(config: Config, database: Database): Promise<Finding> {
  const problems = await database.check();
  if (config.databaseUrl !== undefined) return ok('store', `${describePlace(config)} answers.`);
  return problems.length === 0
    ? ok('store', 'The store is intact.')
    : problem('store', `The store is damaged: ${problems.join('; ')}.`, RESTORE);
}

async function checkSchema(command: RollcallCommand, database: Database): Promise<Finding> {
  const { needed, waiting } = await database.missingMigrations();
  if (needed.length > 0) {
    return warning(
      'schema',
      `Migrations are missing: ${needed.join(', ')}.`,
      `Run: ${asTyped(command, 'migrate')}`,
    );
  }
  return waiting.length === 0
    ? ok('schema', 'The schema is up to date.')
    : warning(
        'schema',
        `Migrations wait until no older version runs: ${waiting.join(', ')}. Until then, rows are not checked.`,
        `If every server and worker has this version, run: ${asTyped(command, 'migrate --finish')}`,
      );
}

/** How many faulty rows are named; the rest is counted. */
const NAMED_ROWS = 3;

async function checkLists(database: Database, { id, username }: Organization): Promise<Finding> {
  const check = `lists of ${username}`;
  const underWay = await findImport(database, id);
  if (underWay !== undefined && underWay.state !== 'published') {
    return warning(
      check,
      'An import is in progress, or was interrupted, so the rows were not checked.',
      'Check again when it is done. An interrupted import continues when a server or the next import starts.',
    );
  }
  const named: string[] = [];
  let faulty = 0;
  for await (const { list, token, problem: what } of checkRows(database, id)) {
    if (++faulty <= NAMED_ROWS) named.push(`${list} ${token}: ${what}`);
  }
  if (faulty > 0) {
    const more = faulty > NAMED_ROWS ? `; and ${faulty - NAMED_ROWS} more` : '';
    return problem(
      check,
      `${faulty} ${faulty === 1 ? 'row is' : 'rows are'} wrong. ${named.join('; ')}${more}.`,
      'Import their source again, or restore a backup.',
    );
  }
  const found = await countRows(database, id);
  const miscounts = (await getRowCounts(database, id)).counts.differencesTo(found);
  if (miscounts.length > 0) return problem(check, miscounted(miscounts).message, RESTORE);
  const counts = Object.entries(found).map(([name, { all }]) => `${all} ${name}`);
  return ok(check, `All rows are consistent: ${counts.join(', ')}.`);
}

const SOON_DAYS = 14;

async function checkAccessTokens(
  database: Database,
  { id, username }: Organization,
  clock: Clock,
): Promise<Finding> {
  const check = `tokens of ${username}`;
  const now = wireTime(clock());
  const soon = wireTime(clock() + SOON_DAYS * 24 * 3600 * 1000);
  const ending: string[] = [];
  for (const kind of ['api', 'signature'] satisfies AccessTokenKind[]) {
    for (const { token, name, expiresAt } of await listAccessTokens(database, id, kind)) {
      if (expiresAt === null || expiresAt > soon) continue;
      const when = expiresAt <= now ? 'expired' : 'expires';
      ending.push(`${kind} token ${token} ${quoted(name)} ${when} at ${expiresAt}`);
    }
  }
  return ending.length === 0
    ? ok(check, `None has expired or expires within ${SOON_DAYS} days.`)
    : warning(
        check,
        `${ending.join('; ')}.`,
        'Create new ones if they are needed, and revoke the old ones.',
      );
}
