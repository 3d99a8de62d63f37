import { words } from '../../words.ts';

type Field = { name: string; label: string; isNumber?: true; isSecret?: true; isOptional?: true };

const fields = words.data.fields;
const server: readonly Field[] = [
  { name: 'host', label: fields.host },
  { name: 'port', label: fields.port, isNumber: true, isOptional: true },
  { name: 'database', label: fields.database },
  { name: 'username', label: fields.username },
  { name: 'password', label: fields.password, isSecret: true, isOptional: true },
];

/** The kinds of data sources, and what each is asked for. */
export const adapters: Record<string, { label: string; fields: readonly Field[] }> = {
  'jdbc:duckdb': {
    label: words.data.adapters.duckdb,
    fields: [{ name: 'folder', label: fields.folder }],
  },
  'jdbc:postgresql': { label: words.data.adapters.postgresql, fields: server },
  'jdbc:mysql': { label: words.data.adapters.mysql, fields: server },
  'jdbc:sqlite': {
    label: words.data.adapters.sqlite,
    fields: [{ name: 'file', label: fields.file }],
  },
};
