import { sql } from '@codemirror/lang-sql';
import { syntaxHighlighting } from '@codemirror/language';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorTheme, sqlColours } from '../editor/editor-theme.ts';
import styles from './compare.module.css';

/** Narrower than this, the two texts stand one below the other. */
const WIDE = '(min-width: 48rem)';
/** Of lines that are the same, so many are shown around those that are not. */
const AROUND = { margin: 3, minSize: 6 };

/** Two texts, side by side where there is room, with what differs marked. */
export default function TextDifference({
  label,
  before,
  after,
  isSql,
}: {
  label: string;
  before: string;
  after: string;
  isSql: boolean;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const extensions: Extension[] = [
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.lineWrapping,
      editorTheme,
      ...(isSql ? [sql(), syntaxHighlighting(sqlColours)] : []),
    ];
    const named = (text: string) => ({
      doc: text,
      extensions: [
        ...extensions,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      ],
    });
    const view = window.matchMedia(WIDE).matches
      ? new MergeView({ parent, a: named(before), b: named(after), collapseUnchanged: AROUND })
      : new EditorView({
          parent,
          doc: after,
          extensions: [
            ...named(after).extensions,
            unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: AROUND }),
          ],
        });
    return () => view.destroy();
  }, [label, before, after, isSql]);
  return <div ref={place} className={styles.texts} />;
}
