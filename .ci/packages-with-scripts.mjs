// Makes a checkout of only the packages that bring a script or something to compile for their installation, locked as
// in this one: node .ci/packages-with-scripts.mjs FOLDER. Those are marked in package-lock.json (test/scripts/lock.test.ts).
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = {};
const manifest = {
  name: 'with-scripts',
  version: '1.0.0',
  dependencies: {},
  optionalDependencies: {},
};
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.gypfile !== false && !entry.hasInstallScript) continue;
  const { dependencies, peerDependencies, optionalDependencies, ...alone } = entry;
  packages[path] = alone;
  const wanted = entry.optional ? manifest.optionalDependencies : manifest.dependencies;
  wanted[path.slice('node_modules/'.length)] = entry.version;
}

mkdirSync(folder);
copyFileSync('.npmrc', join(folder, '.npmrc'));
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
writeFileSync(
  join(folder, 'package-lock.json'),
  JSON.stringify({ ...lock, ...manifest, packages: { '': manifest, ...packages } }),
);
