import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { filesDirOf } from '../data-sources/organization-files.ts';
import { secretKeyOf } from '../data-sources/secret-key.ts';
import type { Database } from '../database/database.ts';
import { describePlace, openStore } from '../database/open-store.ts';
import { getOrMakeDemoBearer } from '../demo/demo-credentials.ts';
import { makeDemoInventory } from '../demo/demo-inventory.ts';
import { DEMO_USERNAME, getOrMakeDemoOrganization } from '../demo/demo-organization.ts';
import { makeDemoSignInLink } from '../demo/demo-sign-in-link.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { linkUrl, type SignInLink } from '../sessions/make-sign-in-link.ts';
import { asTyped, configOf, withOption, withOptions } from './command-line.ts';
import { migrateAtStart } from './migrate-store.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { SERVE_OPTIONS, serve } from './serve.ts';

/** A log line for every request would bury what is printed for people. */
const LOG_LEVEL = 'warn';

/** What `npm start` runs. */
export function addDemoCommand(program: RollcallCommand): void {
  const command = program
    .command('demo')
    .description(
      `Serve a demo organization ${DEMO_USERNAME}, which is created the first time and kept.`,
    );
  withOptions(command, ...SERVE_OPTIONS);
  withOption(command, 'logLevel', LOG_LEVEL).action(async () => {
    const config = configOf(command, { logLevel: LOG_LEVEL });
    const database = await openStore(config, (store) => migrateAtStart(command, store, config));
    const demo = await prepareDemo(config, database).catch(async (error) => {
      await database.close();
      throw error;
    });
    await serve(config, database, (url) => {
      const next = demo === undefined ? howToBegin(command) : howToTry(config, url, demo);
      command.surroundings.stdout.write(
        `\nRollcall listens on ${url}\n\n${next}\n\nThe data is in ${describePlace(config)}\nPress Ctrl-C to stop the server.\n`,
      );
    });
  });
}

/** What lets somebody into the demo: a link for its admin, and the Authorization header that lists its reports. */
type Demo = { link: SignInLink; bearer: string };

/** Makes what the demo lacks; undefined where acme is the user's own. */
async function prepareDemo(config: Config, database: Database): Promise<Demo | undefined> {
  const { dataDir, signInLinkHours } = config;
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  const organization = await getOrMakeDemoOrganization(database, outside);
  if (organization === undefined) return undefined;
  const filesDir = filesDirOf(config);
  const secretKey = secretKeyOf(config, randomIdentifiers);
  await makeDemoInventory({ database, organization, filesDir, secretKey, ...outside });
  const file = join(dataDir, 'demo.json');
  return {
    bearer: await getOrMakeDemoBearer(database, organization, file, outside),
    link: await makeDemoSignInLink(database, organization, signInLinkHours, outside),
  };
}

function howToTry({ tlsCert, publicUrl }: Config, url: string, { link, bearer }: Demo): string {
  // A certificate is seldom made for the address that a machine has for itself, and nobody is between the two.
  const unchecked = tlsCert !== undefined && publicUrl === undefined ? '-k ' : '';
  return (
    `Open this link to sign in to the demo organization, ${DEMO_USERNAME}; it works once:\n\n` +
    `  ${linkUrl(url, link)}\n\n` +
    'List its reports:\n\n' +
    `  curl ${unchecked}-H 'Authorization: ${bearer}' '${url}/batch/${DEMO_USERNAME}/reports'`
  );
}

function howToBegin(command: RollcallCommand): string {
  const create = `signature-token create --organization ${DEMO_USERNAME} --name NAME`;
  return (
    `The organization ${DEMO_USERNAME} is your own, not the demo's, so it was not changed.\n` +
    `To list its reports, create a token:\n\n  ${asTyped(command, create)}`
  );
}
