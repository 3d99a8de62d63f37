import { once } from 'node:events';
import { get as getByHttp } from 'node:http';
import { get as getByHttps, type RequestOptions } from 'node:https';
import { createServer } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Config } from '../../config.ts';
import { localUrl } from '../server-url.ts';
import { type Finding, ok, problem } from './finding.ts';

/** Whether a server could listen where it is configured to, or a Rollcall does already. */
export async function checkPort(config: Config): Promise<Finding> {
  const check = 'port';
  const { host, port } = config;
  if (port === 0) return ok(check, `Any free port on ${host} will be used.`);
  const error = await listenError(host, port);
  if (error === undefined) return ok(check, `Port ${port} on ${host} is free.`);
  if (error.code !== 'EADDRINUSE') {
    return problem(
      check,
      `The server cannot listen on port ${port} of ${host}: ${error.message}.`,
      'Set ROLLCALL_HOST and ROLLCALL_PORT to an address of this machine and a port that this user can open.',
    );
  }
  const url = localUrl(config);
  return (await answersAsRollcall(url))
    ? ok(check, `Rollcall is running at ${url}.`)
    : problem(
        check,
        `Port ${port} on ${host} is in use by another program.`,
        'Stop that program, or choose another port with ROLLCALL_PORT.',
      );
}

async function listenError(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    server.close();
  }
}

const ANSWER_WITHIN_MS = 3_000;

/** Known by its own description. Its certificate is not judged: it may be for a public name. */
async function answersAsRollcall(url: string): Promise<boolean> {
  const options: RequestOptions = {
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    rejectUnauthorized: false,
  };
  const get = url.startsWith('https:') ? getByHttps : getByHttp;
  try {
    const [response] = await once(get(`${url}/openapi.json`, options), 'response');
    const document = (await json(response)) as { info?: { title?: unknown } } | null;
    return document?.info?.title === 'Rollcall';
  } catch {
    return false;
  }
}
