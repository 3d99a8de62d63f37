import { type Static, Type } from 'typebox';
import { path } from '../connection-fields.ts';

export const sqliteConnection = Type.Object(
  { adapter: Type.Literal('sqlite'), file: path('The SQLite file to read.') },
  { additionalProperties: false },
);

/** A file of SQLite. */
export type SqliteConnection = Static<typeof sqliteConnection>;
