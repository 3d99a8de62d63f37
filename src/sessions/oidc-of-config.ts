import type { Config } from '../config.ts';
import { OidcProvider } from './oidc-provider.ts';
import type { OidcRules } from './oidc-sign-in.ts';

/** The OpenID provider that is configured, if any is. */
export function oidcOf({
  oidcIssuer: issuer,
  oidcClientId: clientId,
  oidcClientSecret: clientSecret,
  oidcDomains: domains,
  oidcJoin: join,
}: Config): { provider: OidcProvider; rules: OidcRules } | undefined {
  if (!issuer || !clientId || !clientSecret) return undefined;
  return {
    provider: new OidcProvider({ issuer, clientId, clientSecret }),
    rules: { domains, join },
  };
}
