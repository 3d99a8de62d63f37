// The anchor for what Node itself can do: one Buffer that lies ready, and 304 for whoever has it already. Where it is given
// the rows of a list too, it reads a page of the same length from anywhere among them instead, in one go and into memory
// that it uses again. It checks nothing. Run by the benchmarks as a process of its own: node bare-server.ts FILE [ROWS]
import { fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = '', rows] = process.argv.slice(2);
const body = readFileSync(file);
const headers = { etag: '"page"', 'content-type': 'application/json; charset=utf-8' };
const reader = rows === undefined ? undefined : openReader(rows);

const server = createServer((request, response) => {
  if (request.headers['if-none-match'] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const page = reader?.read() ?? body;
  if (reader) response.once('close', () => reader.giveBack(page));
  response.writeHead(200, { ...headers, 'content-length': page.length }).end(page);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

function openReader(path: string) {
  const descriptor = openSync(path, 'r');
  const last = fstatSync(descriptor).size - body.length;
  const free: Buffer[] = [];
  return {
    read(): Buffer {
      const page = free.pop() ?? Buffer.allocUnsafeSlow(body.length);
      readSync(descriptor, page, 0, page.length, Math.floor(Math.random() * last));
      return page;
    },
    giveBack: (page: Buffer) => void free.push(page),
  };
}
