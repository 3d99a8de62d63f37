import { Command } from 'commander';
import { version } from '../version.ts';
import { addCrawlCommand } from './crawl.ts';
import { addImportCommand } from './import.ts';
import { addServeCommand } from './serve.ts';

/** The whole command line: every command, one file each. `docs/cli.md` lists them; a test holds the two together. */
export function createProgram(): Command {
  const program = new Command('rollcall')
    .description(
      'Open, self-hosted analytics reports whose whole inventory every catalog can list.',
    )
    .version(version)
    .showHelpAfterError('Add --help for what it takes.')
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'rollcall: ')),
    });

  addServeCommand(program);
  addImportCommand(program);
  addCrawlCommand(program);
  return program;
}
