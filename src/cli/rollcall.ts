#!/usr/bin/env node
// Whatever Node there is must make sense of this file, to say what it lacks: hence no import that an old one refuses, and
// no syntax since Node 14. What the program is made of is read only afterwards.
const present = process.versions.node;
if (Number(present.split('.')[0]) >= 24) {
  import('./start.ts');
} else {
  process.stderr.write(
    `Rollcall needs Node 24 or newer, and this is Node ${present}. Install it from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
}
