import { Failure, Notice } from '../../parts/notice.tsx';
import { ParameterField } from '../../parts/parameter-field.tsx';
import { ColumnNotes } from '../../results/column-notes.tsx';
import { ResultTable } from '../../results/result-table.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import type { Result, useQueryPreview } from './use-query-preview.ts';

/** What came of the query, below the parameters that it asks for. An attempt that came to no result leaves none here. */
export function PreviewResult({ attempt }: { attempt: ReturnType<typeof useQueryPreview> }) {
  const { tried, result, failure, sqlError, values, status } = attempt;
  const isShown = status === 'succeeded' || status === 'running';
  return (
    <div aria-busy={status === 'running' || undefined} className={styles.result}>
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
            sqlError.line === undefined ? editorWords.failed : editorWords.failedAt(sqlError.line)
          }
        >
          <pre className={styles.message}>{sqlError.message}</pre>
        </Notice>
      )}
      {status === 'stopped' && <Notice title={editorWords.stopped} />}
      {isShown && result && (
        <>
          <ResultOf result={result} />
          <ResultTable columns={result.tried.columns} rows={result.tried.rows} />
          <ColumnNotes columns={result.tried.columns} />
          <p className="faint" role="status">
            {result.tried.rows.length === 0
              ? words.noRows
              : editorWords.rows(result.tried.rows.length, result.tried.limit)}
          </p>
        </>
      )}
      {status === 'none' && <p className="faint">{editorWords.notRun}</p>}
    </div>
  );
}

/** Of which SQL a result is, where that is not the SQL above it. */
export function ResultOf({ result }: { result: Result }) {
  if (!result.isEarlier && !result.isSelection) return null;
  return (
    <details className={styles.resultOf}>
      <summary>
        {result.isEarlier ? editorWords.resultOfEarlier : editorWords.resultOfSelection}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <pre className={styles.message} tabIndex={0}>
        {result.text}
      </pre>
    </details>
  );
}
