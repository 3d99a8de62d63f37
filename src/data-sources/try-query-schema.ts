import { type Static, Type } from 'typebox';
import { ChartSpec } from '../charts/chart-spec.ts';
import { Picture } from '../charts/picture.ts';
import { closed, integerOrNull, orNull, textOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { withJson } from '../http/with-json.ts';
import { FormFieldShape, formFields } from '../sql-templates/form-field-shape.ts';
import { MAX_LENGTH } from '../text.ts';
import { ResultColumn, resultRows } from './result-column-schema.ts';
import type { TriedQuery } from './try-query.ts';

/** What is sent to try a query. */
export const QueryToTry = closed(
  {
    query: closed(
      {
        raw_query: Type.String({
          maxLength: MAX_LENGTH.sql,
          description:
            'The SQL, with parameters as a report’s queries have them; as long as one that is saved may be.',
        }),
        parameters: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description:
              'Values of parameters by name; those that the query does not ask for are passed over.',
          }),
        ),
        keep: Type.Optional(
          Type.Boolean({
            description:
              'Whether the result is kept for 15 minutes, for charts to be drawn of it: as many rows as of a run, up to 64 MB.',
          }),
        ),
      },
      { description: 'The query.' },
    ),
  },
  {
    $id: 'QueryToTry',
    description: 'A query to run once.',
    examples: [{ query: { raw_query: 'SELECT 1 AS id UNION ALL SELECT 2', parameters: {} } }],
  },
);
export type QueryToTry = Static<typeof QueryToTry>;

/** What came of a query that was run once. */
export const TriedQueryShown = closed(
  {
    state: Type.Union([Type.Literal('succeeded'), Type.Literal('failed')], {
      description: 'What became of it.',
    }),
    columns: Type.Array(ResultColumn, {
      description: 'The columns of the result; none where it failed.',
    }),
    rows: resultRows(
      'The first rows, at most 1,000: a list for each, in the order of the columns.',
    ),
    row_count: Type.Integer({ description: 'How many rows these are.' }),
    limit: Type.Boolean({ description: 'Whether rows were left away.' }),
    result: textOrNull('Under which the result is kept; null where it is not.'),
    rendered_source: textOrNull('The SQL as the data source got it; null where it came to none.'),
    form_fields: Type.Array(FormFieldShape, {
      description: 'The form of the query, with the values that were used.',
    }),
    error_code: textOrNull('A word for why there is no result.'),
    error_message: textOrNull('What the data source said.'),
    error_line: integerOrNull(
      'Line, from 1, where the data source says it: of `rendered_source`, or of `raw_query` where that is null.',
    ),
    error_position: integerOrNull('Character of that line, from 1.'),
  },
  {
    $id: 'TriedQuery',
    description: 'What came of a query that was run once.',
    examples: [
      {
        state: 'succeeded',
        columns: [{ name: 'id', type: 'INTEGER' }],
        rows: [[1], [2]],
        row_count: 2,
        limit: false,
        result: null,
        rendered_source: 'SELECT 1 AS id UNION ALL SELECT 2',
        form_fields: [],
        error_code: null,
        error_message: null,
        error_line: null,
        error_position: null,
      },
    ],
  },
);
export type TriedQueryShown = Static<typeof TriedQueryShown>;

/** The rows, which may be many, are JSON already. */
export function toTriedQuery(tried: TriedQuery): object {
  const { state, form, parameters, renderedSource } = tried;
  const result = state === 'succeeded' ? tried : undefined;
  const failure = state === 'failed' ? tried.failure : undefined;
  const shown: Omit<TriedQueryShown, 'rows'> = {
    state,
    columns: result?.columns ?? [],
    row_count: result?.rowCount ?? 0,
    limit: result?.truncated ?? false,
    result: result?.kept ?? null,
    rendered_source: renderedSource,
    form_fields: formFields(form, parameters),
    error_code: failure?.code ?? null,
    error_message: failure?.message ?? null,
    error_line: failure?.line ?? null,
    error_position: failure?.position ?? null,
  };
  return withJson(shown, 'rows', result?.rows ?? '[]');
}

/** Charts whose pictures are asked for. */
export const PicturesToMake = closed(
  {
    pictures: closed(
      {
        result: Type.String({ description: 'The `result` of a query that was run with `keep`.' }),
        charts: Type.Array(
          closed(
            {
              chart_type: Type.String({ maxLength: 100, description: 'What it looks like.' }),
              spec: orNull(reference(ChartSpec), 'Which columns it shows, and how.'),
            },
            { description: 'A chart.' },
          ),
          { minItems: 1, maxItems: 50, description: 'The charts.' },
        ),
      },
      { description: 'What to draw.' },
    ),
  },
  {
    $id: 'PicturesToMake',
    description: 'Charts to draw of a query that was run once.',
    examples: [
      {
        pictures: {
          result: '1f6a7c2b9d3e',
          charts: [{ chart_type: 'bar', spec: { x: 'region' } }],
        },
      },
    ],
  },
);
export type PicturesToMake = Static<typeof PicturesToMake>;

/** The pictures, in the order of the charts. */
export const MadePictures = closed(
  { pictures: Type.Array(reference(Picture), { description: 'In the order of the charts.' }) },
  {
    $id: 'MadePictures',
    description: 'What charts show of a query that was run once.',
    examples: [{ pictures: [{ kind: 'rows', notes: [] }] }],
  },
);
export type MadePictures = Static<typeof MadePictures>;
