import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ToEdit } from '../../api/content.ts';
import { useDataSources } from '../../api/data-sources.ts';
import type { Editable, EditedQuery } from '../../api/edited-content.ts';
import { startRun } from '../../api/runs.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { MoveButtons } from '../../parts/move-buttons.tsx';
import { moved, type Step } from '../../parts/moved.ts';
import { usePageTitle } from '../../parts/page-title.ts';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import { EditorNotices } from './editor-notices.tsx';
import { editorWords } from './editor-words.ts';
import type { LostHere } from './kept-here.ts';
import { NarrowEditor } from './narrow-editor.tsx';
import { newKey } from './new-key.ts';
import { QueryPane } from './query-pane.tsx';
import { QueryTabs } from './query-tabs.tsx';
import { type Edits, useEdits } from './use-edits.ts';
import { WayOut } from './way-out.tsx';

// The editor does not wait for what comes after it.
const PublishDialog = lazy(() => import('./publish-dialog.tsx'));
const EditorMenu = lazy(() => import('./editor-menu.tsx'));
const BehindDialog = lazy(() => import('./behind-dialog.tsx'));

type Asked = 'publish' | 'publish-over' | 'look' | 'discard';

export function Editor({
  editable,
  toEdit,
  left,
  onSaved,
}: {
  editable: Editable;
  toEdit: ToEdit;
  left: LostHere | null;
  /** The draft is saved for the first time. */
  onSaved?: () => void;
}) {
  const edits = useEdits(editable, toEdit, left);
  const { organization, newIn } = editable;
  const [asked, setAsked] = useState<Asked>();
  const navigate = useNavigate();
  usePageTitle(editorWords.titleOf(edits.now.name ?? words.untitled));
  const hasChanges = edits.changes.length > 0;
  const canRun = edits.now.queries.length > 0;
  const isBehind = edits.theirs !== undefined;
  const isWide = useIsWide();
  const [wasWide, setWasWide] = useState(isWide);
  if (isWide && !wasWide) setWasWide(true);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!hasChanges) say(editorWords.nothingToPublish);
      else setAsked((now) => now ?? (isBehind ? 'look' : 'publish'));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [hasChanges, isBehind]);

  const isSaved = edits.saving.is === 'saved';
  const tellSaved = useRef(onSaved);
  tellSaved.current = onSaved;
  useEffect(() => {
    if (isSaved) tellSaved.current?.();
  }, [isSaved]);

  const close = () => setAsked(undefined);
  const publish = async (isRun: boolean, space: string | null | undefined) => {
    if (asked === 'publish-over') edits.placeOver();
    const report = await edits.publish(space);
    if (report === undefined) {
      setAsked('look');
      return;
    }
    say(editorWords.published);
    // The report is published, whether it then runs or not.
    if (isRun) await attempt(() => startRun(organization, report, {}));
    await navigate({
      to: '/$organization/reports/$report',
      params: { organization, report },
      // There is no way back to a draft that has become a report.
      replace: newIn !== undefined,
    });
  };

  return (
    <>
      {!isWide && <NarrowEditor editable={editable} content={edits.now} />}
      {/* What was written, and what came of it, stays with the page when its window is made narrow. */}
      {wasWide && (
        <div hidden={!isWide}>
          <EditorHead
            editable={editable}
            edits={edits}
            onPublish={() => setAsked(isBehind ? 'look' : 'publish')}
            onDiscard={() => setAsked('discard')}
          />
          <EditorNotices
            editable={editable}
            edits={edits}
            onDiscard={() => setAsked('discard')}
            onLook={() => setAsked('look')}
          />
          <Queries organization={organization} edits={edits} />
        </div>
      )}
      {(asked === 'publish' || asked === 'publish-over') && (
        <Suspense>
          <PublishDialog
            changes={asked === 'publish-over' ? edits.changesOfTheirs : edits.changes}
            isOver={asked === 'publish-over'}
            canRun={canRun}
            organization={organization}
            newIn={newIn}
            onPublish={publish}
            onClose={close}
          />
        </Suspense>
      )}
      {asked === 'look' && edits.theirs && (
        <Suspense>
          <BehindDialog
            mine={edits.now}
            theirs={edits.theirs.content}
            onMerge={() => {
              edits.merge();
              say(editorWords.merged);
              close();
            }}
            onPlaceOver={() => setAsked('publish-over')}
            onTakeTheirs={() => setAsked('discard')}
            onClose={close}
          />
        </Suspense>
      )}
      <FormDialog
        title={editorWords.discardTitle}
        isOpen={asked === 'discard'}
        onClose={close}
        kind="danger"
        submit={editorWords.discard}
        onSubmit={async () => {
          await edits.discard();
          say(editorWords.discarded);
          if (newIn !== undefined)
            await navigate({ to: '/$organization', params: { organization } });
        }}
      >
        <p>{newIn === undefined ? editorWords.discardHint : editorWords.discardNewHint}</p>
      </FormDialog>
    </>
  );
}

/** The name and the description, to be written in place, and what can be done with them. */
function EditorHead({
  editable,
  edits,
  onPublish,
  onDiscard,
}: {
  editable: Editable;
  edits: Edits;
  onPublish: () => void;
  onDiscard: () => void;
}) {
  const { now, saving, changes } = edits;
  const name = useRef<HTMLInputElement>(null);
  const hasChanges = changes.length > 0;
  return (
    <header className={styles.head}>
      <h1 className="out-of-sight">{now.name ?? words.untitled}</h1>
      <div className={styles.texts}>
        <input
          ref={name}
          className={styles.name}
          aria-label={editorWords.reportName}
          placeholder={words.untitled}
          maxLength={255}
          value={now.name ?? ''}
          onChange={({ target }) =>
            edits.change((content) => ({ ...content, name: target.value || null }))
          }
        />
        <textarea
          className={styles.description}
          aria-label={editorWords.reportDescription}
          placeholder={editorWords.reportDescription}
          rows={1}
          value={now.description ?? ''}
          onChange={({ target }) =>
            edits.change((content) => ({ ...content, description: target.value || null }))
          }
        />
      </div>
      <div className="actions">
        <span className={styles.saving} role="status">
          {saving.is === 'unchanged' && editable.newIn !== undefined
            ? editorWords.unpublished
            : editorWords.saving[saving.is]}
        </span>
        {hasChanges && (
          <Button kind="bare" onClick={onDiscard}>
            {editorWords.discard}
          </Button>
        )}
        <WayOut editable={editable} className="button-link" />
        {editable.newIn === undefined && (
          <Suspense>
            <EditorMenu
              organization={editable.organization}
              report={editable.token}
              onRename={() => name.current?.select()}
            />
          </Suspense>
        )}
        <Button kind="main" disabled={!hasChanges} onClick={onPublish}>
          {now.queries.length > 0 ? editorWords.publishAndRun : editorWords.publish}
        </Button>
      </div>
    </header>
  );
}

/** The queries by their tabs. What was opened stays as it was left, its result included. */
function Queries({ organization, edits }: { organization: string; edits: Edits }) {
  const { queries } = edits.now;
  const { data: sources } = useDataSources(organization);
  const [wanted, setWanted] = useState<string>();
  const [opened, setOpened] = useState<readonly string[]>([]);
  const [said, setSaid] = useState('');
  const [added, setAdded] = useState<string>();
  const chosen = queries.find(({ key }) => key === wanted) ?? queries[0];
  const key = chosen?.key;
  const nameOf = (query: EditedQuery) => query.name ?? words.untitled;
  useEffect(() => {
    if (key !== undefined) setOpened((now) => (now.includes(key) ? now : [...now, key]));
  }, [key]);

  const put = (update: (queries: EditedQuery[]) => EditedQuery[]) =>
    edits.change((content) => ({ ...content, queries: update(content.queries) }));
  const add = () => {
    const source = chosen?.data_source_token ?? sources?.[0]?.token ?? null;
    const query = {
      key: newKey(),
      name: editorWords.query(queries.length + 1),
      raw_query: null,
      data_source_token: source,
      charts: [],
    };
    put((now) => [...now, query]);
    setWanted(query.key);
    setAdded(query.key);
  };
  const remove = (query: EditedQuery) => {
    const place = queries.indexOf(query);
    put((now) => now.filter((one) => one.key !== query.key));
    say(editorWords.queryDeleted(nameOf(query)), {
      label: words.undo,
      act: () => put((now) => now.toSpliced(place, 0, query)),
    });
  };
  const move = (query: EditedQuery, step: Step) => {
    const next = moved(queries, queries.indexOf(query), step);
    put(() => next);
    setSaid(words.move.isAt(nameOf(query), next.indexOf(query) + 1, next.length));
  };

  // In the order in which they were opened, so that moving a query leaves each pane where it is.
  const panes = [...new Set([...opened, key])].flatMap(
    (one) => queries.find((query) => query.key === one) ?? [],
  );

  if (queries.length === 0) {
    return (
      <div className={`stack ${styles.empty}`}>
        <p>{editorWords.noQueries}</p>
        <div>
          <Button kind="main" onClick={add}>
            {editorWords.addQuery}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <>
      <QueryTabs queries={queries} chosen={key} onChoose={setWanted} onAdd={add} onMove={move} />
      <p className="out-of-sight" role="status">
        {said}
      </p>
      {panes.map((query) => (
        <QueryPane
          key={`${edits.revision} ${query.key}`}
          organization={organization}
          query={query}
          isShown={query.key === key}
          isAdded={query.key === added}
          mover={
            queries.length > 1 && (
              <MoveButtons
                name={nameOf(query)}
                place={queries.indexOf(query)}
                count={queries.length}
                isAcross
                onMove={(step) => move(query, step)}
              />
            )
          }
          onChange={(change) => {
            setAdded(undefined);
            put((now) => now.map((one) => (one.key === query.key ? { ...one, ...change } : one)));
          }}
          onDelete={() => remove(query)}
        />
      ))}
    </>
  );
}

/** From where the rail stands at the side, and the SQL has room beside its tables. */
const wide = matchMedia('(min-width: 48rem)');

function onWidth(listener: () => void): () => void {
  wide.addEventListener('change', listener);
  return () => wide.removeEventListener('change', listener);
}

/** Whether the screen has room to edit. */
function useIsWide(): boolean {
  return useSyncExternalStore(onWidth, () => wide.matches);
}
