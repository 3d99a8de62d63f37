import { MySQL, PostgreSQL, type SQLDialect, SQLite } from '@codemirror/lang-sql';
import type { DataSourceShown } from '../../../src/data-sources/data-source-schema.ts';

type Adapter = DataSourceShown['adapter'];

type EditorDialect = {
  /** How its SQL is colored and completed. */
  language: SQLDialect;
  /** Encloses a name that is not a plain word. */
  quote: '"' | '`';
  /** Whether the name of a table can begin with a schema. */
  hasSchemas?: true;
};

/** The SQL of each kind of data source in the editor. */
const dialects: Record<Adapter, EditorDialect> = {
  'jdbc:duckdb': { language: PostgreSQL, quote: '"' },
  'jdbc:postgresql': { language: PostgreSQL, quote: '"', hasSchemas: true },
  'jdbc:mysql': { language: MySQL, quote: '`' },
  'jdbc:sqlite': { language: SQLite, quote: '"' },
};

/** @param adapter undefined while no data source is chosen; a page that is older than its server may not know it. */
export function dialectOf(adapter: Adapter | undefined): EditorDialect {
  return (adapter && dialects[adapter]) ?? dialects['jdbc:duckdb'];
}

/** A name as SQL has it: quoted if it is not a plain word. */
export function quotedName(name: string, { quote }: EditorDialect): string {
  return /^[a-z_][a-z0-9_]*$/.test(name)
    ? name
    : quote + name.replaceAll(quote, quote + quote) + quote;
}

/** The name of a table as SQL has it. PostgreSQL lists one with its schema if that is not the user's own. */
export function quotedTable(name: string, dialect: EditorDialect): string {
  const [schema = '', ...rest] = dialect.hasSchemas ? name.split('.') : [name];
  const table = rest.join('.');
  if (table === '') return quotedName(schema, dialect);
  return `${quotedName(schema, dialect)}.${quotedName(table, dialect)}`;
}
