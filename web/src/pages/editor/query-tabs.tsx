import type { EditedQuery } from '../../api/edited-content.ts';
import { Button } from '../../parts/button.tsx';
import { type Step, stepOf } from '../../parts/moved.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

/** The queries of the report, of which one is being edited. Shift and an arrow move the one that has the focus. */
export function QueryTabs({
  queries,
  chosen,
  onChoose,
  onAdd,
  onMove,
}: {
  queries: readonly EditedQuery[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
  onAdd: () => void;
  onMove: (query: EditedQuery, step: Step) => void;
}) {
  return (
    <nav className={styles.tabs} aria-label={editorWords.queries}>
      {queries.map((query, index) => (
        <button
          key={query.key}
          type="button"
          className={styles.tab}
          aria-current={query.key === chosen ? 'true' : undefined}
          aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
          onClick={() => onChoose(query.key)}
          onKeyDown={(event) => {
            const step = stepOf(event);
            if (step === undefined) return;
            event.preventDefault();
            onMove(query, step);
          }}
        >
          {query.name ?? editorWords.query(index + 1)}
        </button>
      ))}
      <Button kind="bare" onClick={onAdd}>
        {editorWords.addQuery}
      </Button>
    </nav>
  );
}
