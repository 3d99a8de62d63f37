import { join } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { describePlace, openStore } from '../database/open-store.ts';
import { getOrMakeDemoBearer } from '../demo/demo-credentials.ts';
import { DEMO_USERNAME, getOrMakeDemoOrganization } from '../demo/demo-organization.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { asTyped, configOf, withOption, withOptions } from './command-line.ts';
import { SERVE_OPTIONS, serve } from './serve.ts';

/** A log line for every request would bury what is printed for people. */
const LOG_LEVEL = 'warn';

/** What `npm start` runs. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description(
      `Serve, with a demo organization ${DEMO_USERNAME} to look at, which is made the first time and kept.`,
    );
  withOptions(command, ...SERVE_OPTIONS);
  withOption(command, 'logLevel', LOG_LEVEL).action(async () => {
    const config = configOf(command, { logLevel: LOG_LEVEL });
    const database = await openStore(config);
    const bearer = await prepareDemo(config, database).catch(async (error) => {
      await database.close();
      throw error;
    });
    await serve(config, database, (url) => {
      const next = bearer === undefined ? howToBegin() : howToTry(config, url, bearer);
      process.stdout.write(
        `\nRollcall listens on ${url}\n\n${next}\n\nData lies in ${describePlace(config)}\nStop it with Ctrl-C.\n`,
      );
    });
  });
}

/** Makes what the demo lacks; answers its Authorization header, or undefined where acme is the user's own. */
async function prepareDemo({ dataDir }: Config, database: Database): Promise<string | undefined> {
  const organization = await getOrMakeDemoOrganization(database, systemClock);
  if (organization === undefined) return undefined;
  return getOrMakeDemoBearer(database, organization, join(dataDir, 'demo.json'), {
    clock: systemClock,
    identifiers: randomIdentifiers,
  });
}

function howToTry({ tlsCert, publicUrl }: Config, url: string, bearer: string): string {
  // A certificate is seldom made for the address that a machine has for itself, and nobody is between the two.
  const unchecked = tlsCert !== undefined && publicUrl === undefined ? '-k ' : '';
  return (
    `This lists the reports of its demo organization, ${DEMO_USERNAME}:\n\n` +
    `  curl ${unchecked}-H 'Authorization: ${bearer}' '${url}/batch/${DEMO_USERNAME}/reports'`
  );
}

function howToBegin(): string {
  const command = `signature-token create --organization ${DEMO_USERNAME} --name NAME`;
  return (
    `The organization ${DEMO_USERNAME} is your own, not the demo's, so it stays as it is.\n` +
    `To list its reports, make a token:\n\n  ${asTyped(command)}`
  );
}
