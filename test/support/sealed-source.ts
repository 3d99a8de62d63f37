import type { LightMyRequestResponse } from 'fastify';
import { randomIdentifiers } from '../../src/identifiers.ts';
import type { Workplace } from './workplace.ts';

/** Asks a server to make a data source whose password it seals; nothing connects to it. */
export function makeSealedSource(
  { send }: Pick<Workplace, 'send'>,
  authorization: string,
): Promise<LightMyRequestResponse> {
  return send({
    method: 'POST',
    url: '/api/acme/data_sources',
    headers: { authorization },
    payload: {
      data_source: {
        name: `Warehouse ${randomIdentifiers.token()}`,
        adapter: 'jdbc:postgresql',
        host: 'db.example',
        database: 'sales',
        username: 'reader',
        password: 'correct horse',
      },
    },
  });
}
