import type { LightMyRequestResponse } from 'fastify';
import type { Workplace } from './workplace.ts';

/** GET from a server in another process, answered as by one in this process. */
export function getFrom(
  url: string,
): (
  ...args: [...Parameters<Workplace['get']>, headers?: Record<string, string>]
) => ReturnType<Workplace['get']> {
  return async (path, authorization, headers = {}) => {
    const response = await fetch(url + path, {
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
    });
    const body = await response.text();
    return {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body,
      json: () => JSON.parse(body),
    } as LightMyRequestResponse;
  };
}
