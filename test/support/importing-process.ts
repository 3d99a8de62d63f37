// Imports a version of a source into acme, to be killed: node importing-process.ts VERSION FROM TO PERSONAL CLOCK_AHEAD_MS
// It says "begun" once it is to begin.
import { flushCompileCache } from 'node:module';
import { readConfig } from '../../src/config.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { importInventory } from '../../src/import/import-inventory.ts';
import { findOrganization } from '../../src/organizations/organization-store.ts';
import { sourceOf } from './import-source.ts';

const [version = '', from, to, isPersonal, aheadMs] = process.argv.slice(2);
const database = await openStore(
  readConfig({ environment: process.env, directory: process.cwd() }),
);
const acme = await findOrganization(database, 'acme');
if (acme === undefined) throw new Error('There is no acme.');
flushCompileCache();
process.stdout.write('begun\n');
await importInventory(
  database,
  acme,
  sourceOf({ version, from: Number(from), to: Number(to), isPersonal: isPersonal === 'true' }),
  { keepMissing: false, mostDeleted: Number.POSITIVE_INFINITY },
  { clock: () => Date.now() + Number(aheadMs), identifiers: randomIdentifiers },
);
await database.close();
