import { lazy, Suspense } from 'react';
import { type Change, changesBetween, different } from '../../../src/reports/content/changes.ts';
import { type Content, chartFields } from '../../../src/reports/content/content.ts';
import { words } from '../words.ts';
import { ChangeList } from './change-list.tsx';
import styles from './compare.module.css';
import { compareWords } from './compare-words.ts';

// It brings the editor for code.
const TextDifference = lazy(() => import('./text-difference.tsx'));

/** How two contents of a report differ: in words, texts and SQL side by side, and the options of charts. */
export function ContentDifference({ before, after }: { before: Content; after: Content }) {
  const changes = changesBetween(before, after);
  return (
    <div className="stack">
      <ChangeList changes={changes} />
      {before.description !== after.description && (
        <Texts
          title={compareWords.description}
          before={before.description}
          after={after.description}
        />
      )}
      {changes.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: changes have no name of their own, and never move.
        <OneChange key={index} change={change} />
      ))}
    </div>
  );
}

function OneChange({ change }: { change: Change }) {
  if (change.what === 'query') {
    const before = change.how === 'changed' ? change.was : change.how === 'removed' && change.is;
    const after = change.how === 'removed' ? undefined : change.is;
    const [was, is] = [before ? before.raw_query : null, after?.raw_query ?? null];
    if (was === is) return null;
    const title = compareWords.sqlOf(change.is.name ?? words.untitled);
    return <Texts title={title} before={was} after={is} isSql />;
  }
  if (change.what === 'chart' && change.how === 'changed') return <ChartOptions change={change} />;
  return null;
}

function Texts({
  title,
  before,
  after,
  isSql = false,
}: {
  title: string;
  before: string | null;
  after: string | null;
  isSql?: boolean;
}) {
  return (
    <section>
      <h4>{title}</h4>
      <Suspense fallback={<p className="faint">{words.loading}</p>}>
        <TextDifference label={title} before={before ?? ''} after={after ?? ''} isSql={isSql} />
      </Suspense>
    </section>
  );
}

/** Each option of a chart that differs. */
function ChartOptions({
  change: { was, is },
}: {
  change: Extract<Change, { what: 'chart'; how: 'changed' }>;
}) {
  const [before, after] = [optionsOf(was), optionsOf(is)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = different(names, before, after);
  if (changed.length === 0) return null;
  return (
    <section>
      <h4>{compareWords.chart(is.chart_title ?? words.untitled)}</h4>
      <table className={styles.options}>
        <thead>
          <tr>
            <th scope="col">{compareWords.option}</th>
            <th scope="col">{compareWords.before}</th>
            <th scope="col">{compareWords.after}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{shown(before[name])}</td>
              <td>{shown(after[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Chart = Extract<Change, { what: 'chart' }>['is'];

function optionsOf(chart: Chart): Record<string, unknown> {
  const { spec, ...fields } = Object.fromEntries(
    chartFields.map((name) => [name, chart[name]]),
  ) as Pick<Chart, (typeof chartFields)[number]>;
  return { ...fields, ...spec };
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return compareWords.nothing;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
