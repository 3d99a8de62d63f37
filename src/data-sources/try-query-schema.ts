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
          description: 'SQL, with parameters like a report’s queries.',
        }),
        parameters: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description:
              'Values of parameters by name; those that the query does not use are ignored.',
          }),
        ),
        keep: Type.Optional(
          Type.Boolean({
            description:
              'Whether the result is kept for 15 minutes, to draw charts of it: as many rows as in a run, up to 64 MB.',
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
      description: 'Outcome of the query.',
    }),
    columns: Type.Array(ResultColumn, {
      description: 'Columns of the result; empty if the query failed.',
    }),
    rows: resultRows('First rows, up to 1,000: a list for each, in the order of the columns.'),
    row_count: Type.Integer({ description: 'Number of these rows.' }),
    limit: Type.Boolean({ description: 'Whether the result was truncated.' }),
    result: textOrNull('Identifier of the kept result; null if it was not kept.'),
    rendered_source: textOrNull('SQL that the data source received; null if there was none.'),
    form_fields: Type.Array(FormFieldShape, {
      description: 'Form of the query, with the values that were used.',
    }),
    error_code: textOrNull('Reason of the failure, as a word.'),
    error_message: textOrNull('Message of the data source.'),
    error_line: integerOrNull(
      'Line, from 1, if the data source reports it: of `rendered_source`, or of `raw_query` if that is null.',
    ),
    error_position: integerOrNull('Character in that line, from 1.'),
  },
  {
    $id: 'TriedQuery',
    description: 'Outcome of a query that was run once.',
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
        result: Type.String({ description: '`result` of a query that was run with `keep`.' }),
        charts: Type.Array(
          closed(
            {
              chart_type: Type.String({ maxLength: 100, description: 'Chart type.' }),
              spec: orNull(reference(ChartSpec), 'What the chart shows.'),
            },
            { description: 'A chart.' },
          ),
          { minItems: 1, maxItems: 50, description: 'The charts.' },
        ),
      },
      { description: 'The charts to draw.' },
    ),
  },
  {
    $id: 'PicturesToMake',
    description: 'Charts to draw of a kept result.',
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
  {
    pictures: Type.Array(reference(Picture), {
      description: 'Pictures, in the order of the charts.',
    }),
  },
  {
    $id: 'MadePictures',
    description: 'Pictures of charts of a kept result.',
    examples: [{ pictures: [{ kind: 'rows', notes: [] }] }],
  },
);
export type MadePictures = Static<typeof MadePictures>;
