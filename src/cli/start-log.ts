import { systemClock } from '../clock.ts';
import type { LogLevel } from '../config.ts';
import type { Output } from './rollcall-command.ts';

/** The numbers that levels have in the log. */
const NUMBERS: Record<LogLevel, number> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Number.POSITIVE_INFINITY,
};

/** Writes lines like those of a server's log, before there is a server. */
export function logAtStart(
  output: Output,
  logLevel: LogLevel,
): (level: LogLevel, facts: object, message: string) => void {
  return (level, facts, message) => {
    if (NUMBERS[level] < NUMBERS[logLevel]) return;
    const line = { level: NUMBERS[level], time: systemClock(), ...facts, msg: message };
    output.write(`${JSON.stringify(line)}\n`);
  };
}
