import { Button } from '../../parts/button.tsx';
import { words } from '../../words.ts';
import type { EditedQuery } from './content.ts';
import styles from './editor.module.css';

/** The queries of the report, of which one is being edited. */
export function QueryTabs({
  queries,
  chosen,
  onChoose,
  onAdd,
}: {
  queries: readonly EditedQuery[];
  chosen: string | undefined;
  onChoose: (key: string) => void;
  onAdd: () => void;
}) {
  return (
    <nav className={styles.tabs} aria-label={words.editor.queries}>
      {queries.map((query, index) => (
        <button
          key={query.key}
          type="button"
          className={styles.tab}
          aria-current={query.key === chosen ? 'true' : undefined}
          onClick={() => onChoose(query.key)}
        >
          {query.name ?? words.editor.query(index + 1)}
        </button>
      ))}
      <Button kind="bare" onClick={onAdd}>
        {words.editor.addQuery}
      </Button>
    </nav>
  );
}
