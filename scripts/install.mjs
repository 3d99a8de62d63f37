// Installs what `npm start`, `npm test` and the others need, when it is missing or package-lock.json
// has changed. Runs on whatever Node the machine has, so it uses nothing newer than Node 18, and it
// speaks on standard error only: the standard output of `npm run -s rollcall` belongs to the command.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const marker = join(root, 'node_modules', '.rollcall-installed');
const wanted = process.argv[2] === 'all' ? 'all' : 'production';
const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const [installedHash, installedSet] = existsSync(marker)
  ? readFileSync(marker, 'utf8').split(' ')
  : [];
const enough = installedSet === 'all' || installedSet === wanted;

if (installedHash !== lockHash || !enough) {
  const what = wanted === 'all' ? 'what the tests need' : 'what Rollcall needs';
  process.stderr.write(`Installing ${what} (once, about half a minute) ...\n`);
  // No package's own script runs: none is needed (test/scripts/lock.test.ts), and some want a compiler.
  const args = ['ci', '--ignore-scripts', '--loglevel=error', '--no-progress'];
  if (wanted === 'production') args.push('--omit=dev');
  const npm = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.status !== 0) {
    process.stderr.write(
      `Installing failed: "npm ${args.join(' ')}" ended with ${npm.status ?? npm.error}.\n` +
        'Its own words are above. Check that the npm registry is reachable, then try again.\n',
    );
    process.exit(1);
  }
  // With the Node of another processor npm 10 takes away the link to the one that it has just installed.
  const node = join('..', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const link = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(link) && existsSync(join(dirname(link), node))) symlinkSync(node, link);
  writeFileSync(marker, `${lockHash} ${wanted}`);
}

const path = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH;
const env = { ...process.env, PATH: path };
const node = spawnSync('node', ['--version'], { encoding: 'utf8', env });
if (Number.parseInt(String(node.stdout).slice(1), 10) < 24) {
  process.stderr.write(
    `Rollcall runs on Node 24 or newer; this machine has ${String(node.stdout).trim()}, and npm has no Node 24 ` +
      `for ${process.platform}-${process.arch}.\nInstall Node 24 from https://nodejs.org and try again.\n`,
  );
  process.exit(1);
}
