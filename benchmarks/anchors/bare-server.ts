// The anchor for what Node itself can do: one Buffer that lies ready, and 304 for whoever has it already, with the headers
// that it is given as JSON, names and values in turns. Where it is given the rows of a list too, it sends as many bytes from
// anywhere among them instead, which it has mapped. It checks nothing. Run by the benchmarks as a process of its own:
// node bare-server.ts FILE HEADERS [ROWS]
import { fstatSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileMap } from '../../src/list-file/file-map.ts';

const [file = '', given = '[]', rows] = process.argv.slice(2);
const body = readFileSync(file);
const headers: string[] = JSON.parse(given);
const etag = headers[headers.indexOf('etag') + 1];
const anywhere = rows === undefined ? undefined : openAnywhere(rows);

const server = createServer((request, response) => {
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, [...headers, 'content-length', String(body.length)]);
  for (const part of anywhere?.() ?? []) response.write(part);
  response.end(anywhere ? undefined : body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

function openAnywhere(path: string): () => Buffer[] {
  const descriptor = openSync(path, 'r');
  const last = fstatSync(descriptor).size - body.length;
  const map = new FileMap(descriptor);
  return () => {
    const offset = Math.floor(Math.random() * last);
    return map.slices([{ offset, length: body.length }]) ?? [];
  };
}
