import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  integerOrNull,
  links,
  ofOtherServers,
  oneOf,
  orNull,
  textOrNull,
  time,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { memberPath } from '../members/member-schema.ts';
import { type Organization, organizationToken } from '../organizations/organization.ts';
import type { DataSource } from './data-source.ts';
import { DataSourceChange, NewDataSource, wireAdapters } from './data-source-bodies.ts';
import { kinds } from './kinds.ts';
import type { QueryTable } from './query-job.ts';

/** A data source as the REST API shows it. */
export const DataSourceShown = closed(
  {
    id: Type.String({ description: 'Number, as text.' }),
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    name: Type.String({ description: 'Name of the data source.' }),
    display_name: Type.String({ description: 'The same as `name`.' }),
    description: textOrNull('Description of the data source.'),
    adapter: oneOf(wireAdapters, 'Kind of data source.'),
    host: textOrNull('Host name or address of the database server.'),
    port: integerOrNull('Port; null for the default one and for files.'),
    database: textOrNull('Name of the database.'),
    username: textOrNull('Database user.'),
    has_password: Type.Boolean({ description: 'Whether a password is stored.' }),
    ssl: Type.Boolean({ description: 'Whether the connection is encrypted.' }),
    ssl_mode: textOrNull('Encryption of the connection; null for files.'),
    folder: textOrNull('Folder of files.'),
    file: textOrNull('SQLite file.'),
    created_at: time('Creation time.'),
    updated_at: time('Time of the last change.'),
    account_id: Type.String({ description: 'Number of the organization, as text.' }),
    account_username: Type.String({ description: 'Username of the organization.' }),
    organization_token: Type.String({ description: 'Token of the organization.' }),
    public: Type.Literal(true, {
      description: 'Whether every member can run queries on it. Always true.',
    }),
    queryable: Type.Literal(true, { description: 'Whether queries run on it. Always true.' }),
    asleep: Type.Literal(false, ofOtherServers),
    soft_deleted: Type.Literal(false, {
      description: 'Always false: deleted data sources are not returned.',
    }),
    has_expensive_schema_updates: Type.Literal(false, ofOtherServers),
    bridged: Type.Literal(false, ofOtherServers),
    ldap: Type.Literal(false, ofOtherServers),
    provider: Type.Literal('default', ofOtherServers),
    vendor: Type.String({ description: 'Kind of database.' }),
    warehouse: Type.Null(ofOtherServers),
    adapter_version: Type.Null(ofOtherServers),
    custom_attributes: Type.Object({}, ofOtherServers),
    default_access_level: Type.Literal('view', {
      description: 'Always `view`: every member can run queries on it.',
    }),
    _links: links({
      self: Link('This data source.'),
      account: Link('Its organization.'),
      tables: Link('Description of the data source.'),
      test: Link('Tests it, by POST.'),
      datasets: Link('An empty list.'),
      permissions: Link('An empty list.'),
      web: Link('The Data page.'),
      web_home: Link('The Data page.'),
      creator: Type.Optional(
        Link('The member who created it; absent if the member was removed or there was none.'),
      ),
    }),
  },
  {
    $id: 'DataSource',
    description: 'A data source, without its password.',
    examples: [
      {
        id: '1000000017',
        token: 'a1f0c7d2e9b4',
        name: 'Warehouse',
        display_name: 'Warehouse',
        description: 'Orders and customers.',
        adapter: 'jdbc:postgresql',
        host: 'warehouse.internal',
        port: null,
        database: 'sales',
        username: 'reader',
        has_password: true,
        ssl: false,
        ssl_mode: 'disable',
        folder: null,
        file: null,
        created_at: '2026-11-02T09:12:44.000Z',
        updated_at: '2026-11-02T09:12:44.000Z',
        account_id: '4',
        account_username: 'acme',
        organization_token: '000000000004',
        public: true,
        queryable: true,
        asleep: false,
        soft_deleted: false,
        has_expensive_schema_updates: false,
        bridged: false,
        ldap: false,
        ...ofMode('postgresql'),
        _links: {
          self: { href: '/api/acme/data_sources/a1f0c7d2e9b4' },
          account: { href: '/api/acme' },
          tables: { href: '/api/acme/data_sources/a1f0c7d2e9b4/tables' },
          test: { href: '/api/acme/data_sources/a1f0c7d2e9b4/test' },
          datasets: { href: '/api/acme/data_sources/a1f0c7d2e9b4/datasets' },
          permissions: { href: '/api/acme/data_sources/a1f0c7d2e9b4/permissions' },
          web: { href: '/acme/data' },
          web_home: { href: '/acme/data' },
          creator: { href: '/api/acme/members/8d1f2b7c3a55' },
        },
      },
    ],
  },
);
export type DataSourceShown = Static<typeof DataSourceShown>;

/** What came of trying a data source. */
export const DataSourceTest = closed(
  {
    state: oneOf(['succeeded', 'failed'], 'Whether the connection succeeded.'),
    error_code: textOrNull('Reason of the failure, as a word.'),
    error_message: textOrNull('Message of the data source, or the reason of the failure.'),
  },
  {
    $id: 'DataSourceTest',
    description: 'Outcome of a test.',
    examples: [{ state: 'succeeded', error_code: null, error_message: null }],
  },
);
export type DataSourceTest = Static<typeof DataSourceTest>;

const Table = closed({
  name: Type.String({ description: 'Name of the table in SQL.' }),
  columns: Type.Array(
    closed({
      name: Type.String({ description: 'Name of the column.' }),
      type: Type.String({ description: 'Type of the column in the data source.' }),
      note: textOrNull('Why the column of a file has this type; null if it is obvious.'),
    }),
    { description: 'Columns, in order.' },
  ),
  file: orNull(
    closed({
      name: Type.String({ description: 'Name of the file in the folder.' }),
      encoding: textOrNull(
        'Encoding of the text, such as `utf-8`; null for files that are not text.',
      ),
      notes: Type.Array(Type.String(), {
        description: 'How the file is read, one sentence per decision.',
      }),
      error: textOrNull('Why the file cannot be read; null if it can.'),
    }),
    'File of the table; null for tables of databases.',
  ),
});

export const DataSources = halList('data_sources', reference(DataSourceShown));
export type DataSources = Static<typeof DataSources>;
export const Tables = halList('tables', Table);
export type Tables = Static<typeof Tables>;

export const dataSourceSchemas = [NewDataSource, DataSourceChange, DataSourceShown, DataSourceTest];

export function toTable({ name, columns, file }: QueryTable): Static<typeof Table> {
  return {
    name,
    columns: columns.map((column) => ({ ...column, note: column.note ?? null })),
    file: file ? { ...file, encoding: file.encoding ?? null, error: file.error ?? null } : null,
  };
}

/** What Mode tells of a data source besides. */
function ofMode(vendor: string) {
  return {
    provider: 'default' as const,
    vendor,
    warehouse: null,
    adapter_version: null,
    custom_attributes: {},
    default_access_level: 'view' as const,
  };
}

/** @param creator token of the membership of who made it. */
export function toDataSource(
  organization: Organization,
  one: DataSource,
  creator: string | undefined,
): DataSourceShown {
  const account = `/api/${organization.username}`;
  const self = `${account}/data_sources/${one.token}`;
  const word = (option: string) => {
    const value = one.options[option];
    return value === undefined ? null : String(value);
  };
  // Files are read without a connection that could be encrypted.
  const sslMode = 'host' in one.options ? (word('ssl') ?? 'disable') : null;
  return {
    id: String(one.id),
    token: one.token,
    name: one.name,
    display_name: one.name,
    description: one.description,
    adapter: kinds[one.adapter].wireName,
    host: word('host'),
    port: one.options.port === undefined ? null : Number(one.options.port),
    database: word('database'),
    username: word('username'),
    has_password: one.sealedSecrets !== null,
    ssl: sslMode !== null && sslMode !== 'disable',
    ssl_mode: sslMode,
    folder: word('folder'),
    file: word('file'),
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    account_id: String(organization.id),
    account_username: organization.username,
    organization_token: organizationToken(organization),
    public: true,
    queryable: true,
    asleep: false,
    soft_deleted: false,
    has_expensive_schema_updates: false,
    bridged: false,
    ldap: false,
    ...ofMode(one.adapter),
    _links: {
      self: { href: self },
      account: { href: account },
      tables: { href: `${self}/tables` },
      test: { href: `${self}/test` },
      datasets: { href: `${self}/datasets` },
      permissions: { href: `${self}/permissions` },
      web: { href: `/${organization.username}/data` },
      web_home: { href: `/${organization.username}/data` },
      ...(creator === undefined ? {} : { creator: { href: memberPath(organization, creator) } }),
    },
  };
}
