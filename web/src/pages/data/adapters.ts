import type { DataSource, DataSourceFields } from '../../api/data-sources.ts';
import { words } from '../../words.ts';

type Field = {
  name: keyof DataSourceFields;
  label: string;
  isNumber?: true;
  isSecret?: true;
  isOptional?: true;
  hint?: string;
};

const fields = words.data.fields;
const server: readonly Field[] = [
  { name: 'host', label: fields.host },
  { name: 'port', label: fields.port, isNumber: true, isOptional: true },
  { name: 'database', label: fields.database },
  { name: 'username', label: fields.username },
  { name: 'password', label: fields.password, isSecret: true, isOptional: true },
];

/** The kinds of data sources in the order of the menu, and the fields of each. */
const kinds: Record<DataSource['adapter'], { label: string; fields: readonly Field[] }> = {
  'jdbc:duckdb': {
    label: words.data.adapters.duckdb,
    fields: [{ name: 'folder', label: fields.folder, hint: words.data.inFilesHint }],
  },
  'jdbc:postgresql': { label: words.data.adapters.postgresql, fields: server },
  'jdbc:mysql': { label: words.data.adapters.mysql, fields: server },
  'jdbc:sqlite': {
    label: words.data.adapters.sqlite,
    fields: [{ name: 'file', label: fields.file, hint: words.data.inFilesHint }],
  },
};

export const adapters = Object.keys(kinds) as DataSource['adapter'][];

/** The name and the fields of a kind; a page that is older than its server may not know it. */
export const kindOf = (adapter: DataSource['adapter']) =>
  kinds[adapter] ?? { label: adapter, fields: [] };
