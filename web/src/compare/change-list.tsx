import type { Change } from '../../../src/reports/content/changes.ts';
import { words } from '../words.ts';
import styles from './compare.module.css';
import { compareWords } from './compare-words.ts';

/** What publishing changes, in words. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="faint">{compareWords.none}</p>;
  return (
    <ul className={styles.changes}>
      {changes.flatMap(saidChange).map((said, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: changes have no name of their own, and never move.
        <li key={index}>{said}</li>
      ))}
    </ul>
  );
}

function saidChange(change: Change): string[] {
  const said = compareWords.changed;
  const named = (name: string | null) => name ?? words.untitled;
  switch (change.what) {
    case 'report':
      return change.fields.map((field) => said.report[field](named(change.is.name)));
    case 'order':
      return [said.order];
    case 'query': {
      const name = named(change.is.name);
      if (change.how !== 'changed') return [said.query[change.how](name)];
      return change.fields.map((field) => said.query[field](name, named(change.was.name)));
    }
    case 'chart':
      return [said.chart[change.how](named(change.is.chart_title))];
  }
}
