const refusals = [
  'oidc_failed',
  'email_missing',
  'email_unverified',
  'domain_refused',
  'not_a_member',
  'several_organizations',
] as const;

/** Why a sign-in with the company's account came to nothing. */
export type OidcRefusal = (typeof refusals)[number];

/** Where the reader wanted to be, and why the way there by the company's account ended here. */
export type SignInSearch = { next?: string | undefined; error?: OidcRefusal | undefined };

export function readSignInSearch({ next, error }: Record<string, unknown>): SignInSearch {
  return {
    next: ownPage(next),
    error: refusals.find((refusal) => refusal === error),
  };
}

/** A page of ours: a link may name any address as the one to go on to, and leads nobody away from here. */
function ownPage(address: unknown): string | undefined {
  if (typeof address !== 'string' || !address.startsWith('/')) return undefined;
  const { origin } = window.location;
  return URL.parse(address, origin)?.origin === origin ? address : undefined;
}
