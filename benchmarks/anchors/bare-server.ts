// The anchor for what Node itself can do: one Buffer that lies ready, and 304 for whoever has it already. It checks
// nothing. Run by the benchmarks as a process of its own: node bare-server.ts FILE
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = ''] = process.argv.slice(2);
const body = readFileSync(file);
const headers = { etag: '"page"', 'content-type': 'application/json; charset=utf-8' };

const server = createServer((request, response) => {
  if (request.headers['if-none-match'] === headers.etag) {
    response.writeHead(304, headers).end();
  } else {
    response.writeHead(200, { ...headers, 'content-length': body.length }).end(body);
  }
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
