import * as openid from 'openid-client';
import { quoted } from '../errors.ts';
import type { OidcSubject } from '../sessions/oidc-identity-store.ts';
import { ACCEPTED_TEXT, findBadText } from '../text.ts';
import type { EmailClaims } from './claimed-email.ts';

/** How this server is known at an OpenID Connect provider. */
export type OidcSettings = { issuer: string; clientId: string; clientSecret: string };

/** What the browser keeps while its user is at the provider, so that the answer can be told from a made-up one. */
export type OidcSecrets = { state: string; nonce: string; verifier: string };

/** Whom the provider says somebody is, and what it says of their address. */
export type OidcPerson = OidcSubject & { claims: EmailClaims };

const TIMEOUT_SECONDS = 10;

/** An OpenID Connect provider, as a server that sends people there sees it. */
export class OidcProvider {
  readonly issuer: string;
  readonly #settings: OidcSettings;
  #configuration: Promise<openid.Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.issuer = settings.issuer;
    this.#settings = settings;
  }

  /** Where to send somebody's browser, and what it is to keep meanwhile. */
  async begin(redirectUri: string): Promise<{ url: URL; secrets: OidcSecrets }> {
    const configuration = await this.#configure();
    const secrets = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid email',
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: 'S256',
    });
    return { url, secrets };
  }

  /**
   * Who somebody is who came back.
   *
   * @param answer the address that the browser was sent back to, with all its parameters.
   * @throws Error where the answer is not the provider's to what this browser asked.
   */
  async finish(answer: URL, { state, nonce, verifier }: OidcSecrets): Promise<OidcPerson> {
    const configuration = await this.#configure();
    const tokens = await openid.authorizationCodeGrant(configuration, answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('The provider sent no ID token.');
    const { sub: subject } = claims;
    // Many a provider tells the address only to who asks for it.
    const { email, email_verified: isVerified } =
      claims.email === undefined
        ? await openid.fetchUserInfo(configuration, tokens.access_token, subject)
        : claims;
    const bad = findBadText({ sub: subject, email });
    if (bad !== undefined) {
      const is = `${quoted(bad.text)}, which contains ${bad.character}`;
      throw new Error(`The claim ${bad.path} is ${is}; it must be ${ACCEPTED_TEXT}.`);
    }
    return { issuer: this.issuer, subject, claims: { email, isVerified } };
  }

  /** What the provider says of itself, asked for once; again where that failed. */
  #configure(): Promise<openid.Configuration> {
    this.#configuration ??= this.#discover().catch((error) => {
      this.#configuration = undefined;
      throw error;
    });
    return this.#configuration;
  }

  async #discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    const configuration = await openid.discovery(url, clientId, clientSecret, undefined, {
      timeout: TIMEOUT_SECONDS,
      // The configuration allows plain http on this machine alone.
      execute: url.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
    });
    openid.enableNonRepudiationChecks(configuration);
    return configuration;
  }
}
