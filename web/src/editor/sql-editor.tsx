import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { DataSource } from '../api/data-sources.ts';
import { editorTheme, sqlColours } from './editor-theme.ts';
import { dialectOf } from './sql-dialects.ts';

/** A table of a data source, for completion. */
export type Table = { name: string; columns: readonly { name: string; type: string }[] };

/** Where the engine says that something is wrong. */
export type SqlError = { message: string; line: number | undefined };

export type SqlEditorProps = {
  /** The text to begin with; a text of another `key` needs another editor. */
  text: string;
  label: string;
  /** Undefined while no data source is chosen. */
  adapter: DataSource['adapter'] | undefined;
  tables: readonly Table[];
  error: SqlError | undefined;
  isReadOnly?: boolean;
  onChange: (text: string) => void;
  /** Ctrl-Enter: the selection, or the whole text where nothing is selected; and the line where it begins. */
  onRun: (text: string, firstLine: number) => void;
  /** Gives the page what the editor can be asked for. */
  ref?: Ref<SqlEditorHandle>;
};

export type SqlEditorHandle = {
  /** Writes in place of the selection. */
  insert: (text: string) => void;
  /** As Ctrl-Enter does. */
  run: () => void;
  focus: () => void;
};

const language = new Compartment();

export function SqlEditor(props: SqlEditorProps) {
  const { text, label, adapter, tables, error, isReadOnly = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  // What the editor calls is what the page gave last.
  const latest = useRef(props);
  latest.current = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor owns its text from here on.
  useEffect(() => {
    const run = (view: EditorView) => {
      latest.current.onRun(...chosenText(view.state));
      return true;
    };
    const view = new EditorView({
      parent: place.current as HTMLElement,
      state: EditorState.create({
        doc: text,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          // The icons are emoji, and boxes where no font has them.
          autocompletion({ icons: false }),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          syntaxHighlighting(sqlColours),
          editorTheme,
          language.of([]),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...completionKeymap,
            indentWithTab,
          ]),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.lineWrapping,
          EditorState.readOnly.of(isReadOnly),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => view.destroy();
  }, []);

  useImperativeHandle(
    props.ref,
    () => ({
      insert: (inserted) => {
        const view = editor.current;
        view?.dispatch(view.state.replaceSelection(inserted), { scrollIntoView: true });
        view?.focus();
      },
      run: () => {
        if (editor.current) latest.current.onRun(...chosenText(editor.current.state));
      },
      focus: () => editor.current?.focus(),
    }),
    [],
  );

  useEffect(() => {
    const schema = Object.fromEntries(
      tables.map((table) => [
        table.name,
        table.columns.map((column) => ({ label: column.name, detail: column.type })),
      ]),
    );
    const { language: dialect } = dialectOf(adapter);
    editor.current?.dispatch({
      effects: language.reconfigure(sql({ dialect, schema, upperCaseKeywords: false })),
    });
  }, [adapter, tables]);

  useEffect(() => {
    const view = editor.current;
    if (view) view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, error)));
  }, [error]);

  return <div ref={place} />;
}

/** What is selected, or everything, and the line where it begins. */
function chosenText({ doc, selection: { main } }: EditorState): [text: string, firstLine: number] {
  if (main.empty) return [doc.toString(), 1];
  return [doc.sliceString(main.from, main.to), doc.lineAt(main.from).number];
}

/** The whole line is marked: engines name a line, and seldom where in it. */
function diagnosticsOf({ doc }: EditorState, error: SqlError | undefined): Diagnostic[] {
  if (error?.line === undefined || error.line < 1 || error.line > doc.lines) return [];
  const { from, to } = doc.line(error.line);
  return [{ from, to, severity: 'error', message: error.message }];
}
