import type { Editable, EditedContent } from '../../api/edited-content.ts';
import { Notice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import { WayOut } from './way-out.tsx';

/** What the report asks, to be read where there is no room to write. */
export function NarrowEditor({
  editable,
  content,
}: {
  editable: Editable;
  content: EditedContent;
}) {
  return (
    <div className="stack">
      <h1>{content.name ?? words.untitled}</h1>
      <Notice title={editorWords.narrow}>
        <p>{editorWords.narrowHint}</p>
        <WayOut editable={editable} />
      </Notice>
      {content.description && <p>{content.description}</p>}
      {content.queries.map((query, index) => (
        <section key={query.key}>
          <h2>{query.name ?? editorWords.query(index + 1)}</h2>
          {query.raw_query === null ? (
            <p className="faint">{editorWords.noSql}</p>
          ) : (
            <pre className={styles.readSql}>{query.raw_query}</pre>
          )}
          <ul className={styles.changes}>
            {query.charts.map((chart) => (
              <li key={chart.key}>{chart.chart_title ?? words.untitled}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
