import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

/** A real nginx before a server, set up as somebody sets it up who thinks of nothing special; gone when the test ends. */
export async function startNginx(target: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-nginx-'));
  const port = await freePort();
  const inHere = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${directory}/${kind};`)
    .join('\n  ');
  const settings = `daemon off; pid ${directory}/pid; error_log stderr; worker_processes 1;
events {}
http {
  access_log off;
  ${inHere}
  server { listen 127.0.0.1:${port}; location / { proxy_pass ${target}; } }
}
`;
  writeFileSync(join(directory, 'nginx.conf'), settings);
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
