import { type Static, Type } from 'typebox';
import { path } from '../connection-fields.ts';

export const duckdbConnection = Type.Object(
  {
    adapter: Type.Literal('duckdb'),
    folder: path('Folder of files: each CSV, TSV, JSON, NDJSON, Parquet or Arrow file is a table.'),
  },
  { additionalProperties: false },
);

/** A folder of files. */
export type DuckdbConnection = Static<typeof duckdbConnection>;
