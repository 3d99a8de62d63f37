import type { Tagged } from '../../../src/client/index.ts';
import type { Query } from '../../../src/client/rest-client.ts';
import type { Calls } from './calls.ts';
import { client } from './client.ts';

type Name = keyof Calls;

/** The parameters in a path. */
type ParamsIn<Path> = Path extends `${string}/:${infer Param}/${infer Rest}`
  ? Param | ParamsIn<`/${Rest}`>
  : Path extends `${string}/:${infer Param}`
    ? Param
    : never;

type Sent<Called extends Name> = {
  query?: Query;
  signal?: AbortSignal | undefined;
  /** The ETag of what alone is to be changed. */
  ifMatch?: string | undefined;
} & (ParamsIn<Called> extends never
  ? { params?: undefined }
  : { params: Record<ParamsIn<Called>, string> }) &
  (Calls[Called] extends { body: infer Body } ? { body: Body } : { body?: undefined });

/** What a call answers. */
export type Answer<Called extends Name> = Calls[Called]['answer'];

// The client takes an answer for what it is said to be. Here alone that is said: the server's tests hold each answer to
// the schema that has this type.

/** Calls the server. @throws RollcallError */
export function call<Called extends Name>(
  called: Called,
  { params, body, ...options }: Sent<Called>,
): Promise<Answer<Called>> {
  const [method, path] = target(called, params);
  return method === 'GET'
    ? client.get<Answer<Called>>(path, options)
    : client.send<Answer<Called>>(method, path, body, options);
}

/** The same, with the ETag of the answer. It is sent once. @throws RollcallError */
export function getTagged<Called extends Name & `GET ${string}`>(
  called: Called,
  { params, ...options }: Sent<Called>,
): Promise<Tagged<Answer<Called>>> {
  return client.getTagged<Answer<Called>>(target(called, params)[1], options);
}

/** Replaces what has this ETag. @throws RollcallError 412 if it has changed since. */
export function putTagged<Called extends Name & `PUT ${string}`>(
  called: Called,
  { params, body }: Sent<Called>,
  ifMatch: string,
): Promise<Tagged<Answer<Called>>> {
  return client.putTagged<Answer<Called>>(target(called, params)[1], body, ifMatch);
}

/** Creates something; answers it with its ETag. @throws RollcallError */
export function postTagged<Called extends Name & `POST ${string}`>(
  called: Called,
  { params, body }: Sent<Called>,
): Promise<Tagged<Answer<Called>>> {
  return client.postTagged<Answer<Called>>(target(called, params)[1], body);
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function target(called: Name, params: Record<string, string> = {}): [method: Method, path: string] {
  const [method, template] = called.split(' ') as [Method, string];
  return [
    method,
    template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
  ];
}
