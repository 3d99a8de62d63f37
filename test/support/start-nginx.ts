import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

/** A real nginx before a server, set up as somebody sets it up who thinks of nothing special; gone when the test ends. */
export function startNginx(target: string): Promise<string> {
  return startNginxWith(
    (port) => `server {
    listen 127.0.0.1:${port};
    location / { proxy_pass ${target}; }
  }`,
  );
}

/**
 * @param settingsAt what the http block has, for the port on which it is to listen.
 * @param included files beside it, by name.
 */
export async function startNginxWith(
  settingsAt: (port: number) => string,
  included: Record<string, string> = {},
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-nginx-'));
  const port = await freePort();
  const inHere = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${directory}/${kind};`)
    .join('\n  ');
  // As root it would give its worker's folder to somebody who may not enter ours.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const settings = `daemon off; ${user} pid ${directory}/pid; error_log stderr; worker_processes 1;
events {}
http {
  access_log off;
  ${inHere}
  ${settingsAt(port)}
}
`;
  writeFileSync(join(directory, 'nginx.conf'), settings);
  for (const [name, text] of Object.entries(included)) writeFileSync(join(directory, name), text);
  const nginx = spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf')], {
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    if (nginx.kill('SIGTERM')) await once(nginx, 'exit');
    rmSync(directory, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => void (await fetch(url)));
  return url;
}
