/**
 * The URL under which people and tools reach the server, which may be below a path of a host that it shares with others.
 * A proxy takes that path off what it hands on, or leaves it: both reach the same routes.
 */
export type PublicUrl = URL | undefined;

/** Where our own routes begin: a path of these could not be told from them. */
const OWN = new Set([
  'api',
  'assets',
  'auth',
  'batch',
  'docs',
  'healthz',
  'icon.svg',
  'metrics',
  'openapi.json',
  'readyz',
  'sign-in',
]);

/** @throws Error that says what is accepted. */
export function parsePublicUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error('it must be a URL such as https://reports.example.com');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Error('it must be a URL without a user, a password, ? and #');
  }
  const path = basePathOf(url);
  if (!/^(\/[\w~-][\w.~-]*)*$/.test(path)) {
    throw new Error(
      'its path must be words of letters, digits, "-", "_", "~" and ".", with a "/" before each',
    );
  }
  const [, first = ''] = path.split('/');
  if (OWN.has(first)) {
    throw new Error(`its path must not begin with /${first}, which is a path of Rollcall's own`);
  }
  return url;
}

/** The path of a public URL, such as `/rollcall`; empty where it has none. */
export function basePathOf(publicUrl: PublicUrl): string {
  return publicUrl?.pathname.replace(/\/+$/, '') ?? '';
}

/** A public URL as other paths are put after it. */
export function baseUrlOf(publicUrl: URL): string {
  return publicUrl.origin + basePathOf(publicUrl);
}

/** Takes the path of the public URL off a request's target, where the proxy has left it, and wherever a client has doubled it. */
export function basePathRemover(publicUrl: PublicUrl): (target: string) => string {
  const base = basePathOf(publicUrl);
  if (base === '') return (target) => target;
  const before = new RegExp(`^(?:${base.replaceAll('.', '\\.')})+(?=[/?]|$)`);
  return (target) => {
    if (!target.startsWith(base)) return target;
    const own = target.replace(before, '');
    return own.startsWith('/') ? own : `/${own}`;
  };
}
