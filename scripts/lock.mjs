// Makes package-lock.json anew after a change of package.json (`npm run lock`), and keeps the versions that it has. Beside
// an installed node_modules npm would leave out what other platforms need, so it works in a folder of its own.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'rollcall-lock-'));
for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
  copyFileSync(join(root, name), join(folder, name));
}
const args = ['install', '--package-lock-only', '--ignore-scripts', '--loglevel=error'];
const npm = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
const made = readFileSync(join(folder, 'package-lock.json'), 'utf8');
rmSync(folder, { recursive: true });
if (npm.status !== 0) {
  process.stderr.write(`"npm ${args.join(' ')}" failed; its own words are above.\n`);
  process.exit(1);
}

// Nothing that is locked may run a script when it is installed, by hand either. npm looks for scripts where the lock says
// that there are some, and compiles what has a binding.gyp. That a package forbids this, npm leaves out of the lock: so it
// is added here, and kept where a lock had it.
const before = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const lock = JSON.parse(made);
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.hasInstallScript || before.packages[path]?.gypfile === false) entry.gypfile = false;
  delete entry.hasInstallScript;
}
writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
