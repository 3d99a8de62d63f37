import { useState } from 'react';
import { type DataSource, type SourceTable, useTables } from '../../api/data-sources.ts';
import { dialectOf, quotedName, quotedTable } from '../../editor/sql-dialects.ts';
import { FileReading } from '../../parts/file-reading.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

/** So many tables are listed; a filter finds the others. */
const MOST_SHOWN = 200;

/** What is in the data source. A click writes a name into the SQL. */
export function SchemaBrowser({
  organization,
  dataSource,
  adapter,
  onInsert,
}: {
  organization: string;
  dataSource: string | null;
  adapter: DataSource['adapter'] | undefined;
  onInsert: (name: string) => void;
}) {
  const tables = useTables(organization, dataSource ?? undefined);
  const [filter, setFilter] = useState('');
  const dialect = dialectOf(adapter);
  if (dataSource === null) return <p className="faint">{editorWords.chooseToSeeTables}</p>;
  return (
    <Loaded query={tables}>
      {(all) => {
        const found = all.filter((table) => isMeant(table, filter.trim().toLowerCase()));
        return (
          <>
            <input
              type="search"
              className={styles.filter}
              aria-label={editorWords.filterTables}
              placeholder={editorWords.filterTables}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
            {found.length === 0 && (
              <p className="faint">{all.length === 0 ? editorWords.noTables : words.noMatches}</p>
            )}
            <ul className={styles.tables}>
              {found.slice(0, MOST_SHOWN).map((table) => (
                <li key={table.name}>
                  <TableNames
                    table={table}
                    isOpen={found.length === 1}
                    onInsertTable={() => onInsert(quotedTable(table.name, dialect))}
                    onInsertColumn={(name) => onInsert(quotedName(name, dialect))}
                  />
                </li>
              ))}
            </ul>
            {found.length > MOST_SHOWN && (
              <p className="faint">{editorWords.moreTables(found.length - MOST_SHOWN)}</p>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function TableNames({
  table,
  isOpen,
  onInsertTable,
  onInsertColumn,
}: {
  table: SourceTable;
  isOpen: boolean;
  onInsertTable: () => void;
  onInsertColumn: (name: string) => void;
}) {
  return (
    <details open={isOpen}>
      <summary title={table.name}>{table.name}</summary>
      {table.file && <FileReading file={table.file} />}
      <ul>
        <li>
          <button type="button" className={styles.insert} onClick={onInsertTable}>
            {editorWords.insertTable}
          </button>
        </li>
        {table.columns.map((column) => (
          <li key={column.name}>
            <button
              type="button"
              className={styles.column}
              title={[`${column.name} ${column.type}`, column.note].filter(Boolean).join('\n')}
              onClick={() => onInsertColumn(column.name)}
            >
              <span>{column.name}</span>{' '}
              <small>
                {column.type.toLowerCase()}
                {column.note && ' *'}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function isMeant({ name, columns }: SourceTable, filter: string): boolean {
  return (
    name.toLowerCase().includes(filter) ||
    columns.some((column) => column.name.toLowerCase().includes(filter))
  );
}
