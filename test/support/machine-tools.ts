import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { CHROMIUM } from './chromium.ts';

const MOUNTS =
  'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"';

/** Programs that npm cannot bring. A test that needs one is left out where the machine lacks it, never in CI. */
const tools = {
  ruby: { probe: ['ruby', '-e', "require 'http'"], install: 'apt-get install ruby-http' },
  python: { probe: ['python3', '--version'], install: 'apt-get install python3' },
  curl: { probe: ['curl', '--version'], install: 'apt-get install curl' },
  jq: { probe: ['jq', '--version'], install: 'apt-get install jq' },
  mariadb: { probe: ['mariadbd', '--version'], install: 'apt-get install mariadb-server' },
  pgbouncer: { probe: ['pgbouncer', '--version'], install: 'apt-get install pgbouncer' },
  nginx: { probe: ['nginx', '-v'], install: 'apt-get install nginx-light' },
  prlimit: { probe: ['prlimit', '--version'], install: 'apt-get install util-linux' },
  mount: { probe: ['sh', '-c', MOUNTS], install: 'run them as root, where that may mount' },
  systemd: { probe: ['systemd-analyze', '--version'], install: 'apt-get install systemd' },
  chromium: {
    probe: [CHROMIUM, '--version'],
    install: 'apt-get install chromium-headless-shell',
  },
} as const;

/** `test`, or `test.skip` and a line that says how to get the missing tool. In CI a missing tool is an error. */
export function testWith(...names: (keyof typeof tools)[]): typeof test | typeof test.skip {
  const missing = names.find((name) => {
    const [program, ...args] = tools[name].probe;
    return spawnSync(program, args).status !== 0;
  });
  if (missing === undefined) return test;
  const { install } = tools[missing];
  if (process.env.CI)
    throw new Error(`CI must not leave tests out: ${missing} is missing (${install}).`);
  process.stderr.write(`LEFT OUT: tests that need ${missing}. To run them too: ${install}\n`);
  return test.skip;
}
