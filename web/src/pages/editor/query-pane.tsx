import { type ReactNode, useEffect, useRef } from 'react';
import { useDataSources, useTables } from '../../api/data-sources.ts';
import type { EditedQuery } from '../../api/edited-content.ts';
import { SqlEditor, type SqlEditorHandle } from '../../editor/sql-editor.tsx';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { words } from '../../words.ts';
import { ChartBuilder } from './chart-builder.tsx';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import { PreviewResult } from './preview-result.tsx';
import { SchemaBrowser } from './schema-browser.tsx';
import { useQueryPreview } from './use-query-preview.ts';

const noTables: never[] = [];

/** One query: what there is to ask, the SQL, what came of it, and how that is shown. */
export function QueryPane({
  organization,
  query,
  isShown,
  isAdded,
  mover,
  onChange,
  onDelete,
}: {
  organization: string;
  query: EditedQuery;
  isShown: boolean;
  /** Whether it was added just now, so that its SQL is written next. */
  isAdded: boolean;
  /** What moves the query among the others. */
  mover: ReactNode;
  onChange: (change: Partial<EditedQuery>) => void;
  onDelete: () => void;
}) {
  const editor = useRef<SqlEditorHandle>(null);
  const dataSource = query.data_source_token;
  const { data: sources } = useDataSources(organization);
  const { data: tables } = useTables(organization, dataSource ?? undefined);
  const adapter = sources?.find(({ token }) => token === dataSource)?.adapter;
  useEffect(() => {
    if (isAdded) editor.current?.focus();
  }, [isAdded]);
  const attempt = useQueryPreview(organization, dataSource, query.raw_query ?? '');

  return (
    <section className={styles.pane} hidden={!isShown} aria-label={query.name ?? words.untitled}>
      <section className={styles.schema} aria-label={words.data.tables}>
        <SchemaBrowser
          organization={organization}
          dataSource={dataSource}
          adapter={adapter}
          onInsert={(name) => editor.current?.insert(name)}
        />
      </section>
      <div className={styles.work}>
        <div className={styles.bar}>
          <TextField
            label={editorWords.queryName}
            value={query.name ?? ''}
            maxLength={255}
            onChange={({ target }) => onChange({ name: target.value || null })}
          />
          <SelectField
            label={editorWords.dataSource}
            value={dataSource ?? ''}
            options={[
              ...(dataSource === null ? [{ value: '', label: editorWords.choose }] : []),
              ...(sources ?? []).map(({ token, name }) => ({ value: token, label: name })),
            ]}
            onChange={(token) => onChange({ data_source_token: token || null })}
          />
          <div className="actions">
            {mover}
            <Button kind="bare" onClick={onDelete}>
              {editorWords.deleteQuery}
            </Button>
          </div>
        </div>
        <div className={styles.sql}>
          <SqlEditor
            ref={editor}
            text={query.raw_query ?? ''}
            label={editorWords.sqlOf(query.name ?? words.untitled)}
            adapter={adapter}
            tables={tables ?? noTables}
            error={attempt.sqlError}
            onChange={(text) => onChange({ raw_query: text })}
            onRun={attempt.run}
          />
        </div>
        <div className={styles.runBar}>
          <Button
            onClick={() => editor.current?.run()}
            isBusy={attempt.status === 'running'}
            disabled={dataSource === null}
          >
            {editorWords.run}
          </Button>
          {attempt.status === 'running' && (
            <Button kind="bare" onClick={attempt.stop}>
              {editorWords.stop}
            </Button>
          )}
          <span className="faint">
            {dataSource === null ? editorWords.noSourceHint : editorWords.runHint}
          </span>
        </div>
        <PreviewResult attempt={attempt} />
        <ChartBuilder
          organization={organization}
          dataSource={dataSource}
          charts={query.charts}
          result={attempt.result}
          onChange={(charts) => onChange({ charts })}
        />
      </div>
    </section>
  );
}
