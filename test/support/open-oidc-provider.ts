import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

/** What the provider tells of a person: their address, and whether it is verified, in whatever form. */
export type Person = { email?: unknown; email_verified?: unknown };

export const CLIENT = { clientId: 'rollcall', clientSecret: 'a secret of the client' };

/** Made once, since it takes longer than a test. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/**
 * A real OpenID Connect provider on this machine, at which whoever `person` names signs in without a question; gone when
 * the test ends.
 */
export async function openOidcProvider(redirectUri: string) {
  const people = new Map<string, Person>();
  let person = '';
  const server = createServer((request, response) => handle(request, response)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of the cookies'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    interactions: { url: () => '/sign-in-here' },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, ...people.get(sub) }),
    }),
    loadExistingGrant: async (context: {
      oidc: {
        client: { clientId: string };
        session: { accountId: string };
        provider: {
          Grant: new (
            of: object,
          ) => {
            addOIDCScope(scope: string): void;
            save(): Promise<string>;
          };
        };
      };
    }) => {
      const { client, session } = context.oidc;
      const of = { clientId: client.clientId, accountId: session.accountId };
      const grant = new context.oidc.provider.Grant(of);
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  function handle(...[request, response]: Parameters<typeof answer>): unknown {
    if (!request.url?.startsWith('/sign-in-here')) return answer(request, response);
    return provider.interactionFinished(request, response, { login: { accountId: person } });
  }

  /** Follows a browser that was sent to the provider, until it is sent back; answers where to. */
  async function visit(start: string, subject: string): Promise<string> {
    person = subject;
    const cookies = new Map<string, string>();
    for (let url = start; ; ) {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) throw new Error(`${response.status} ${await response.text()}`);
      url = new URL(location, url).href;
      if (!url.startsWith(issuer)) return url;
    }
  }
  return { issuer, people, visit };
}
