import type { DataSource, DataSourceFields } from '../../api/data-sources.ts';
import { words } from '../../words.ts';

type Field = {
  name: keyof DataSourceFields;
  label: string;
  isNumber?: true;
  isSecret?: true;
  isOptional?: true;
};

const fields = words.data.fields;
const server: readonly Field[] = [
  { name: 'host', label: fields.host },
  { name: 'port', label: fields.port, isNumber: true, isOptional: true },
  { name: 'database', label: fields.database },
  { name: 'username', label: fields.username },
  { name: 'password', label: fields.password, isSecret: true, isOptional: true },
];

/** The kinds of data sources, and what each is asked for. */
export const adapters: readonly {
  adapter: DataSource['adapter'];
  label: string;
  fields: readonly Field[];
}[] = [
  {
    adapter: 'jdbc:duckdb',
    label: words.data.adapters.duckdb,
    fields: [{ name: 'folder', label: fields.folder }],
  },
  { adapter: 'jdbc:postgresql', label: words.data.adapters.postgresql, fields: server },
  { adapter: 'jdbc:mysql', label: words.data.adapters.mysql, fields: server },
  {
    adapter: 'jdbc:sqlite',
    label: words.data.adapters.sqlite,
    fields: [{ name: 'file', label: fields.file }],
  },
];

/** What a kind of data source is called. */
export const adapterLabel = (adapter: DataSource['adapter']) =>
  adapters.find((one) => one.adapter === adapter)?.label ?? adapter;
