import { type Static, Type } from 'typebox';
import { Link } from '../http/hal.ts';
import { closed, links } from '../http/schema-parts.ts';

export const Favorite = closed(
  {
    favorite: Type.Boolean({ description: 'Whether the report is one of your favorites.' }),
    _links: links({ self: Link('This answer.'), report: Link('The report.') }),
  },
  {
    $id: 'Favorite',
    description: 'Whether a report is one of your favorites.',
    examples: [
      {
        favorite: true,
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f/favorite' },
          report: { href: '/api/acme/reports/bfe4fc361d9f' },
        },
      },
    ],
  },
);
export type Favorite = Static<typeof Favorite>;
