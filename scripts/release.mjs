// Makes a release (`npm run release -- 0.2.0`): dates the changelog, sets the version, tests it, commits and tags it,
// packs it, publishes it to npm, and builds the container image where Docker or Podman is. With --dry-run, it shows what it
// would do, and nothing is changed or published.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releasedChangelog } from './released-changelog.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [version = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isDry = process.argv.includes('--dry-run');
const { version: before } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

if (!/^\d+\.\d+\.\d+$/.test(version)) {
  stop(`Name the version, such as: npm run release -- ${before} (the one in package.json now).`);
}
if (output('git', ['status', '--porcelain']) !== '' && !isDry) {
  stop('There are uncommitted changes. Commit or stash them first.');
}
const changelog = join(root, 'CHANGELOG.md');
const day = new Date().toISOString().slice(0, 10);
const text = releasedChangelog(readFileSync(changelog, 'utf8'), version, day);
if (text === undefined) stop('CHANGELOG.md has nothing under "## Unreleased".');

if (!isDry) writeFileSync(changelog, text);
if (version !== before) run('npm', ['version', version, '--no-git-tag-version']);
run('npm', ['test']);
run('npm', ['run', 'check']);
run('git', ['commit', '--all', '--message', `Release ${version}`]);
run('git', ['tag', '--annotate', `v${version}`, '--message', `Rollcall ${version}`]);
run('npm', ['pack', '--loglevel=error']);
run('npm', ['publish', `./rollcall-${version}.tgz`, '--ignore-scripts']);
const builder = ['docker', 'podman'].find((name) => spawnSync(name, ['version']).status === 0);
if (builder === undefined) say('No container image: neither Docker nor Podman runs here.');
else
  for (const tag of [version, 'latest'])
    run(builder, [
      'build',
      '--file',
      'deploy/container/Containerfile',
      '--tag',
      `rollcall:${tag}`,
      '.',
    ]);
say(
  `Then push: git push --follow-tags${builder ? `; ${builder} push, where your images are` : ''}`,
);

function run(program, args) {
  say(`${isDry ? 'Would run' : 'Running'}: ${[program, ...args].join(' ')}`);
  if (isDry) return;
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) stop(`"${program} ${args[0]}" failed, and nothing after it was done.`);
}

function output(program, args) {
  return spawnSync(program, args, { cwd: root, encoding: 'utf8' }).stdout.trim();
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function stop(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
