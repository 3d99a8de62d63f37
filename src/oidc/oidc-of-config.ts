import type { Config } from '../config.ts';
import type { OidcProvider } from './oidc-provider.ts';
import type { OidcRules } from './oidc-sign-in.ts';

export type ConfiguredOidc = { provider: OidcProvider; rules: OidcRules };

/** The OpenID provider that is configured, if any is; only then is loaded what talks to one. */
export async function oidcOf({
  oidcIssuer: issuer,
  oidcClientId: clientId,
  oidcClientSecret: clientSecret,
  oidcDomains: domains,
  oidcJoin: join,
  oidcEmailVerified: emailTrust,
}: Config): Promise<ConfiguredOidc | undefined> {
  if (!issuer || !clientId || !clientSecret) return undefined;
  const { OidcProvider } = await import('./oidc-provider.ts');
  return {
    provider: new OidcProvider({ issuer, clientId, clientSecret }),
    rules: { domains, join, emailTrust },
  };
}
