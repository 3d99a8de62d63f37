import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MissingTool } from '../missing-tool.ts';
import { programOf, type Running } from '../start-process.ts';

const PROGRAM = '/usr/sbin/nginx';

/**
 * The anchor for bytes that lie ready: one worker of nginx that sends the files of a folder, tuned as one does it for
 * that. A file NAME.gz is sent to whoever takes gzip. It checks no token.
 *
 * @param folder where it may write.
 */
export async function startNginx(folder: string, files: string): Promise<Running> {
  if (!existsSync(PROGRAM)) throw new MissingTool('nginx', 'apt-get install nginx-light');
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n');
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr crit;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  ${temporary}
  access_log off; sendfile on; tcp_nopush on; gzip_static on; types {} default_type application/json;
  open_file_cache max=4000; open_file_cache_valid 1h; keepalive_requests 1000000000;
  server { listen 127.0.0.1:${port}; root ${files}; }
}
`,
  );
  const child = spawn(PROGRAM, ['-e', 'stderr', '-c', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  for (const giveUpAt = Date.now() + 10_000; ; await sleep(20)) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}.`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return { ...programOf(child), url };
    if (Date.now() > giveUpAt) throw new Error('nginx did not answer within 10 s.');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
