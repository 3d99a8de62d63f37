/** A request's target with the one name that each thing has in our routes: spaces are called collections too. */
export function withoutOtherNames(url: string): string {
  return url.replace(/^(\/api\/[^/?]+)\/collections(?=[/?]|$)/, '$1/spaces');
}
