import { bodyOf, type Document, type Operation, resolve } from './document.ts';

/** A line for a shell that calls the operation with the example values of its parameters. */
export function curl(
  document: Document,
  baseUrl: string,
  { method, path, operation }: { method: string; path: string; operation: Operation },
): string {
  const examples = operation.parameters?.filter(({ example }) => example !== undefined) ?? [];
  let address = path;
  for (const { in: place, name, example } of examples) {
    if (place === 'path') address = address.replace(`{${name}}`, String(example));
    else address += `${address.includes('?') ? '&' : '?'}${name}=${example}`;
  }
  const body = bodyOf(operation.requestBody?.content);
  return [
    'curl',
    ...(method === 'get' ? [] : [`--request ${method.toUpperCase()}`]),
    ...credentials(document, operation),
    ...(body
      ? [
          `--header 'Content-Type: ${body.mediaType}'`,
          `--data '${JSON.stringify(resolve(document, body.schema).examples?.[0], null, 2)}'`,
        ]
      : []),
    `'${baseUrl}${address}'`,
  ].join(' \\\n  ');
}

function credentials({ components }: Document, { security }: Operation): string[] {
  const [name] = Object.keys(security[0] ?? {});
  if (name === undefined) return [];
  const scheme = components.securitySchemes[name];
  if (scheme?.in === 'cookie') {
    return ['--cookie "rollcall-session=$SESSION"', "--header 'Sec-Fetch-Site: same-origin'"];
  }
  return scheme?.scheme === 'bearer'
    ? ['--header "Authorization: $ROLLCALL_BEARER"']
    : ['--user "$API_TOKEN:$API_SECRET"'];
}
