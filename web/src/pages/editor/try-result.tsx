import { Failure, Notice } from '../../parts/notice.tsx';
import { ParameterField } from '../../parts/parameter-field.tsx';
import { ColumnNotes } from '../../results/column-notes.tsx';
import { ResultTable } from '../../results/result-table.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import type { useTry } from './use-try.ts';

/** What came of the query, below the parameters that it asks for. */
export function TryResult({ attempt }: { attempt: ReturnType<typeof useTry> }) {
  const { tried, failure, sqlError, values, isRunning } = attempt;
  return (
    <div aria-busy={isRunning || undefined} className={styles.result}>
      {tried && tried.form_fields.length > 0 && (
        <div className={styles.parameters}>
          {tried.form_fields.map((field) => (
            <ParameterField
              key={field.name}
              field={field}
              value={values[field.name] ?? field.value}
              onChange={(value) => attempt.setValue(field.name, value)}
            />
          ))}
        </div>
      )}
      {failure !== undefined && <Failure error={failure} />}
      {sqlError && (
        <Notice
          kind="alert"
          title={
            sqlError.line === undefined ? words.editor.failed : words.editor.failedAt(sqlError.line)
          }
        >
          <pre className={styles.message}>{sqlError.message}</pre>
        </Notice>
      )}
      {tried?.state === 'succeeded' && (
        <>
          <ResultTable columns={tried.columns} rows={tried.rows} />
          <ColumnNotes columns={tried.columns} />
          <p className="faint" role="status">
            {tried.rows.length === 0
              ? words.noRows
              : words.editor.rows(tried.rows.length, tried.limit)}
          </p>
        </>
      )}
      {!tried && failure === undefined && !isRunning && (
        <p className="faint">{words.editor.notRun}</p>
      )}
    </div>
  );
}
