import type { Command } from 'commander';
import { version } from '../version.ts';
import { addAdoptCommand } from './adopt.ts';
import { addApiTokenCommands } from './api-token.ts';
import { addBackupCommand } from './backup.ts';
import { ownSurroundings } from './command-line.ts';
import { addCrawlCommand } from './crawl.ts';
import { addDemoCommand } from './demo.ts';
import { addDistributeCommand } from './distribute.ts';
import { addDoctorCommand } from './doctor.ts';
import { addGenerateCommand } from './generate.ts';
import { addImportCommand } from './import.ts';
import { addMemberCommands } from './member.ts';
import { addMigrateCommand } from './migrate.ts';
import { addMoveCommand } from './move.ts';
import { addOrganizationCommands } from './organization.ts';
import { addRestoreCommand } from './restore.ts';
import { type Output, RollcallCommand, type Surroundings } from './rollcall-command.ts';
import { addServeCommand } from './serve.ts';
import { addSignatureTokenCommands } from './signature-token.ts';
import { addWorkerCommand } from './worker.ts';

/** The whole command line: every command, one file each. `docs/cli.md` lists them; a test holds the two together. */
export function createProgram(surroundings: Surroundings = ownSurroundings()): Command {
  const { stdout, stderr } = surroundings;
  const program = new RollcallCommand(surroundings, 'rollcall')
    .description('Self-hosted SQL reports, with an inventory that every catalog can list.')
    .version(version, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [COMMAND]', 'Show the help of a command.')
    .showHelpAfterError('Add --help for usage.')
    .exitOverride() // throws what would end the process, which may be another's
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
      outputError: (text, write) => write(text.replace(/^error: /, 'rollcall: ')),
    });

  addServeCommand(program);
  addWorkerCommand(program);
  addDemoCommand(program);
  addOrganizationCommands(program);
  addMemberCommands(program);
  addApiTokenCommands(program);
  addSignatureTokenCommands(program);
  addMigrateCommand(program);
  addBackupCommand(program);
  addRestoreCommand(program);
  addMoveCommand(program);
  addDistributeCommand(program);
  addAdoptCommand(program);
  addImportCommand(program);
  addCrawlCommand(program);
  addGenerateCommand(program);
  addDoctorCommand(program);
  return program;
}

/** How wide help is where the output does not say. */
const USUAL_WIDTH = 80;

function widthOf({ isTTY, columns = USUAL_WIDTH }: Output): number {
  return isTTY ? columns : USUAL_WIDTH;
}
