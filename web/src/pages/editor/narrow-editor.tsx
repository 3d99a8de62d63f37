import { Link } from '@tanstack/react-router';
import type { EditedContent } from '../../api/edited-content.ts';
import { Notice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

/** What the report asks, to be read where there is no room to write. */
export function NarrowEditor({
  organization,
  report,
  content,
}: {
  organization: string;
  report: string;
  content: EditedContent;
}) {
  return (
    <div className="stack">
      <h1>{content.name ?? words.untitled}</h1>
      <Notice title={editorWords.narrow}>
        <p>{editorWords.narrowHint}</p>
        <Link to="/$organization/reports/$report" params={{ organization, report }}>
          {editorWords.toReport}
        </Link>
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
