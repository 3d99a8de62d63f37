// What `npm run dev` runs: the demo at its usual address, with pages that show a change of web/ at once, and a server that
// starts again when src/ changes. Vite has the address and hands on what is for the server, which has a port of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createNetServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const host = '127.0.0.1';
const port = Number(process.env.ROLLCALL_PORT ?? 4146);
const serverPort = await freePort();

const pages = await createServer({
  configFile: join(root, 'web', 'vite.config.ts'),
  clearScreen: false,
  logLevel: 'warn',
  server: {
    host,
    port,
    strictPort: true, // at another address the link that is printed would lead nowhere
    proxy: {
      '^/(api|batch|docs|auth|openapi\\.json|healthz|readyz|metrics)([/?]|$)': `http://${host}:${serverPort}`,
    },
  },
});
await pages.listen().catch((error) => {
  process.stderr.write(`${error.message}. Choose another port with ROLLCALL_PORT.\n`);
  process.exit(1);
});

const watched = ['--watch', '--watch-preserve-output', 'src/cli/rollcall.ts', 'demo'];
const given = process.argv.slice(2);
const server = spawn(process.execPath, [...watched, ...given], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    ROLLCALL_HOST: host,
    ROLLCALL_PORT: String(serverPort),
    ROLLCALL_PUBLIC_URL: `http://${host}:${port}`,
  },
});
// A terminal sends Ctrl-C to the server as well, a supervisor to this process only.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill('SIGTERM'));
await once(server, 'exit');
await pages.close();
process.exit();

async function freePort() {
  const probe = createNetServer().listen(0, host);
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  await once(probe, 'close');
  return free;
}
