import { Type } from 'typebox';

const organization = Type.String({
  description: 'Username of the organization.',
  examples: ['acme'],
});

/** The parameters of `/…/{organization}/…`. */
export const OrganizationPath = Type.Object({ organization });

/** The parameters of `/…/{organization}/…/{token}`. */
export function tokenPath(description: string, example: string) {
  return Type.Object({
    organization,
    token: Type.String({ description, examples: [example] }),
  });
}
