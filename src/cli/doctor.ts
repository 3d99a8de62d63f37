import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { configOf, print, withOptions } from './command-line.ts';
import {
  checkDataFolder,
  checkDemoCredentials,
  checkDiskSpace,
  checkKeyFile,
  checkNode,
  isFolder,
} from './doctor/check-machine.ts';
import { checkPublicUrl, checkStrayStore } from './doctor/check-place.ts';
import { checkPort } from './doctor/check-port.ts';
import { checkStore } from './doctor/check-store.ts';
import type { Finding } from './doctor/finding.ts';
import { endedWith, type RollcallCommand } from './rollcall-command.ts';

export function addDoctorCommand(program: RollcallCommand): void {
  const command = program
    .command('doctor')
    .description('Check for problems; the exit code is 1 if there are any.')
    .option('--json', 'Print the results as JSON.');
  withOptions(command, 'dataDir', 'filesDir', 'secretKeyFile', 'host', 'port', 'publicUrl').action(
    async () => {
      const findings = await examine(command, configOf(command));
      print(command, findings, describe);
      if (findings.some(({ result }) => result === 'problem')) throw endedWith(1);
    },
  );
}

/** Makes and changes nothing. */
async function examine(command: RollcallCommand, config: Config): Promise<Finding[]> {
  const findings = [
    checkNode(),
    await checkPort(config),
    checkPublicUrl(config),
    checkDataFolder(command, config),
    ...checkStrayStore(config),
  ];
  if (isFolder(config.dataDir)) {
    findings.push(...checkKeyFile(config), ...checkDemoCredentials(config));
    findings.push(await checkDiskSpace(config));
  } else if (config.databaseUrl === undefined) {
    return findings;
  }
  return [...findings, ...(await checkStore(command, config, systemClock))];
}

function describe(findings: readonly Finding[]): string {
  return findings
    .map(({ check, result, message, hint }) =>
      [result.padEnd('problem'.length), `${check}:`, message, hint ?? ''].join(' ').trimEnd(),
    )
    .join('\n');
}
