import { useState } from 'react';
import {
  type DataSource,
  deleteDataSource,
  type SourceTable,
  testDataSource,
  useDataSourceTest,
  useTables,
} from '../../api/data-sources.ts';
import { Button } from '../../parts/button.tsx';
import { FileReading } from '../../parts/file-reading.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Failure, Notice } from '../../parts/notice.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { kindOf } from './adapters.ts';
import styles from './data-page.module.css';

export function DataSourceItem({
  organization,
  source,
  onEdit,
}: {
  organization: string;
  source: DataSource;
  /** Undefined where the reader may not change it. */
  onEdit: (() => void) | undefined;
}) {
  const test = useDataSourceTest(organization, source.token);
  const [isOpen, setOpen] = useState(false);
  const [isLeaving, setLeaving] = useState(false);

  const remove = async () => {
    await deleteDataSource(organization, source.token);
    say(words.data.deleted);
  };

  const place = placeOf(source);
  return (
    <li className={styles.source}>
      <div className="page-head">
        <h2>{source.name}</h2>
        <div className="actions">
          {onEdit && (
            <>
              <Button
                isBusy={test.isFetching}
                // What goes wrong is shown below.
                onClick={() => testDataSource(organization, source.token).catch(() => {})}
              >
                {words.data.test}
              </Button>
              <Button onClick={onEdit}>{words.edit}</Button>
              <Button kind="danger" onClick={() => setLeaving(true)}>
                {words.delete}
              </Button>
            </>
          )}
        </div>
      </div>
      {source.description && <p>{source.description}</p>}
      <p className="facts">
        <span>{kindOf(source.adapter).label}</span>
        {place && <span className="figure">{place}</span>}
      </p>
      {test.data?.state === 'succeeded' && <Notice title={words.data.connected} />}
      {test.data?.state === 'failed' && (
        <Notice kind="alert" title={words.data.notConnected}>
          <p>{test.data.error_message}</p>
        </Notice>
      )}
      {test.isError && <Failure error={test.error} />}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles.more}>{words.data.tables}</summary>
        {isOpen && <Tables organization={organization} token={source.token} />}
      </details>
      <FormDialog
        title={words.data.deleteTitle(source.name)}
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        onSubmit={remove}
        submit={words.delete}
        kind="danger"
      >
        <p>{words.data.deleteHint}</p>
      </FormDialog>
    </li>
  );
}

function Tables({ organization, token }: { organization: string; token: string }) {
  const tables = useTables(organization, token);
  return (
    <Loaded query={tables}>
      {(list) => (
        <ul className={styles.tables}>
          {list.map((table) => (
            <li key={table.name}>
              <TableOfSource table={table} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

/** A table with its columns and, where it is a file, how that is read. */
function TableOfSource({ table: { name, columns, file } }: { table: SourceTable }) {
  const hasNotes = columns.some(({ note }) => note !== null);
  return (
    <details>
      <summary>
        <code className={styles.table}>{name}</code>{' '}
        <span className="faint">{words.data.columnCount(columns.length)}</span>
      </summary>
      {file && <FileReading file={file} />}
      {columns.length > 0 && (
        <table className={`things ${styles.columns}`}>
          <thead>
            <tr>
              <th scope="col">{words.data.column}</th>
              <th scope="col">{words.data.type}</th>
              {hasNotes && <th scope="col">{words.data.note}</th>}
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <th scope="row">{column.name}</th>
                <td>{column.type}</td>
                {hasNotes && <td>{column.note}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

/** Where it is, as far as there is something to tell: a data source that has the whole folder of files is nowhere else. */
function placeOf({ host, port, database, folder, file }: DataSource): string | null {
  if (host === null) return folder === '.' ? null : (folder ?? file);
  return `${host}${port === null ? '' : `:${port}`}/${database ?? ''}`;
}
