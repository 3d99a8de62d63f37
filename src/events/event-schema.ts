import { Type } from 'typebox';

const tokens = (description: string) => Type.Array(Type.String(), { description });

/** What an event `reports` carries. */
export const ReportsEvent = Type.Object(
  {
    reports: tokens('Reports that were created, changed, archived, deleted, viewed or run.'),
    runs: tokens('Reports for which somebody requested a run.'),
    drafts: tokens('Reports of which somebody saved a draft.'),
    more: Type.Boolean({
      description: 'Whether more happened than is listed: anything read before may be out of date.',
    }),
  },
  {
    $id: 'ReportsEvent',
    description: 'The data of an event `reports`: tokens of reports that you may see.',
    examples: [{ reports: ['bfe4fc361d9f'], runs: [], drafts: [], more: false }],
  },
);
