import type { Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';

/** Where a command writes. What writes for people looks whether it is a terminal, and how wide. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

/** What a command has of the world: where it writes, the environment that it reads, and where its user stands. */
export type Surroundings = {
  stdout: Output;
  stderr: Output;
  env: NodeJS.ProcessEnv;
  cwd: string;
};

/** A command of the command line, and each of its subcommands, with the surroundings in which it runs. */
export class RollcallCommand extends Command {
  readonly surroundings: Surroundings;

  constructor(surroundings: Surroundings, name?: string) {
    super(name);
    this.surroundings = surroundings;
  }

  override createCommand(name?: string): RollcallCommand {
    return new RollcallCommand(this.surroundings, name);
  }
}

/** What a command throws that has said all there is to say and ends with this exit code. */
export function endedWith(exitCode: number): CommanderError {
  return new CommanderError(exitCode, 'rollcall.ended', '');
}
