import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What goes wrong instead of an answer. */
export type Fault = (response: ServerResponse) => void;

/**
 * Decides for each request, counted from 0, whether it fails; undefined lets it through. What it does before it answers
 * is done when the request arrives at the server.
 */
export type Faults = (
  request: IncomingMessage,
  number: number,
) => Fault | undefined | Promise<Fault | undefined>;

/** An HTTP server in front of another that lets requests through or makes them fail, gone when the test ends. */
export type FaultProxy = {
  url: string;
  /** Method, path and query of each request so far. */
  requests: string[];
  /** Replaces what goes wrong from now on. */
  fail(faults: Faults): void;
};

export async function startFaultProxy(
  target: string,
  faults: Faults = () => undefined,
): Promise<FaultProxy> {
  let chosen = faults;
  const requests: string[] = [];
  const server = createServer(async (incoming, response) => {
    const number = requests.push(`${incoming.method} ${incoming.url}`) - 1;
    const fault = await chosen(incoming, number);
    if (fault) return fault(response);
    const { method, headers } = incoming;
    const forward = request(new URL(incoming.url ?? '', target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forward.on('error', () => response.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail(next) {
      chosen = next;
    },
  };
}

/** An answer of the proxy's own; text is sent as HTML, as gateways do, anything else as JSON. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Fault {
  const isText = typeof body === 'string';
  return (response) =>
    response
      .writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
      .end(isText ? body : JSON.stringify(body));
}

/** An answer that says it is JSON, of exactly these bytes. */
export function raw(status: number, body: string | Buffer, encoding?: string): Fault {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return (response) =>
    response
      .writeHead(status, encoding ? { ...headers, 'content-encoding': encoding } : headers)
      .end(body);
}

/** The connection is cut before anything is answered. */
export const cut: Fault = (response) => response.destroy();

/** The connection is cut in the middle of a body. */
export const cutMidway: Fault = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"pagination":', () => response.destroy());
};

/** Nothing is ever answered. */
export const silence: Fault = () => undefined;
