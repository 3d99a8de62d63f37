import { type Static, type TNull, type TOptional, type TUnion, Type } from 'typebox';
import { closed, oneOf, open, orNull, textOrNull } from '../http/schema-parts.ts';
import { MAX_LENGTH } from '../text.ts';
import { kinds } from './kinds.ts';

/** Adapters as the wire names them. */
export const wireAdapters = Object.values(kinds).map(({ wireName }) => wireName);

const server = kinds.postgresql.connection.properties;
const password = { maxLength: 1024, writeOnly: true };

/** The options of all adapters as they are sent; which of them an adapter takes is asked afterwards. */
const options = {
  host: server.host,
  port: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    description: 'Its port; where it is left out 5432 for PostgreSQL, 3306 for MySQL and MariaDB.',
  }),
  database: server.database,
  username: server.username,
  ssl_mode: oneOf(
    ['disable', 'require', 'verify'],
    '`disable`, as it is where it is left out: a plain connection; `require`: encrypted; `verify`: encrypted, and the certificate ' +
      'has to be valid for the host.',
  ),
  folder: Type.String({
    ...kinds.duckdb.connection.properties.folder,
    description:
      'Folder below that of the organization’s files, `.` for all of them: each CSV, TSV, JSON, NDJSON, Parquet or Arrow file is a table.',
  }),
  file: Type.String({
    ...kinds.sqlite.connection.properties.file,
    description: 'The SQLite file to read, below the folder of the organization’s files.',
  }),
};

type OptionFields = {
  [Name in keyof typeof options]: TOptional<TUnion<[(typeof options)[Name], TNull]>>;
};
/** Null is none: an adapter is answered with the options of all. */
const optionFields = Object.fromEntries(
  Object.entries(options).map(([name, option]) => {
    const { description } = option as { description?: string };
    return [name, Type.Optional(orNull(option, String(description)))];
  }),
) as unknown as OptionFields;

/** What an option is called on the wire, where that differs. */
export const wireNames: Readonly<Record<string, string>> = { ssl: 'ssl_mode' };

const name = Type.String({
  minLength: 1,
  maxLength: MAX_LENGTH.name,
  description: 'Name of the data source, unique in the organization.',
});
const description = Type.Optional(
  textOrNull('What is in it.', { maxLength: MAX_LENGTH.description }),
);

/** What is sent to make a data source. */
export const NewDataSource = open(
  closed(
    {
      data_source: closed(
        {
          name,
          description,
          adapter: oneOf(wireAdapters, 'What kind of data source it is.'),
          token: Type.Optional(
            Type.String({
              pattern: '^[0-9a-z]{12}$',
              description:
                'Its token, where imported queries name one: they run on it then. Made up where it is left out.',
            }),
          ),
          ...optionFields,
          password: Type.Optional(
            Type.String({
              ...password,
              description: 'Its password. Kept sealed, and never shown.',
            }),
          ),
        },
        { description: 'The data source to make.' },
      ),
    },
    {
      $id: 'NewDataSource',
      description: 'A data source to make.',
      examples: [
        {
          data_source: {
            name: 'Warehouse',
            adapter: 'jdbc:postgresql',
            host: 'warehouse.internal',
            database: 'sales',
            username: 'reader',
            password: 'not-this-one',
          },
        },
      ],
    },
  ),
);
export type NewDataSource = Static<typeof NewDataSource>;

/** What is sent to change a data source. */
export const DataSourceChange = open(
  closed(
    {
      data_source: closed(
        {
          name: Type.Optional(name),
          description,
          ...optionFields,
          password: Type.Optional(
            Type.Union([Type.String(password), Type.Null()], {
              writeOnly: true,
              description: 'Its password, null for none. Kept sealed, and never shown.',
            }),
          ),
        },
        { description: 'What is to change.' },
      ),
    },
    {
      $id: 'DataSourceChange',
      description: 'What to change of a data source.',
      examples: [{ data_source: { host: 'replica.internal', password: 'not-this-one' } }],
    },
  ),
);
export type DataSourceChange = Static<typeof DataSourceChange>;
