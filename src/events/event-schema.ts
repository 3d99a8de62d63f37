import { Type } from 'typebox';

const tokens = (description: string) => Type.Array(Type.String(), { description });

/** What an event `reports` carries. */
export const ReportsEvent = Type.Object(
  {
    reports: tokens('Reports that were created, changed, archived, deleted, viewed or run.'),
    runs: tokens('Reports with a new run.'),
    drafts: tokens('Reports with a saved draft.'),
    more: Type.Boolean({
      description:
        'Whether there were more events than listed: anything read before can be out of date.',
    }),
  },
  {
    $id: 'ReportsEvent',
    description: 'The data of an event `reports`: tokens of reports that you can see.',
    examples: [{ reports: ['bfe4fc361d9f'], runs: [], drafts: [], more: false }],
  },
);
