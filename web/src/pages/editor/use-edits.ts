import { useCallback, useEffect, useRef, useState } from 'react';
import { changesBetween } from '../../../../src/reports/content/changes.ts';
import { mergeContent, placedOver } from '../../../../src/reports/content/merge.ts';
import { isStatus } from '../../api/client.ts';
import type { ToEdit } from '../../api/content.ts';
import {
  type DraftContent,
  type Editable,
  type EditedContent,
  isSame,
  type OwnDraft,
  type Published,
} from '../../api/edited-content.ts';
import { useReportEvents } from '../../api/live.ts';
import { createDraftSaver, type SavingState } from './draft-saver.ts';
import { forgetLost, type KeptHere, keepHere, type LostHere } from './kept-here.ts';

export type Edits = ReturnType<typeof useEdits>;

/** A report as it is being edited: kept as a draft while one writes, and published when one says so. */
export function useEdits(editable: Editable, { published, draft }: ToEdit, left: LostHere | null) {
  const [here] = useState(() => keepHere(editable.organization, editable.token));
  const [lost] = useState(() => lostWords(left, draft));
  const [now, setNow] = useState<DraftContent>(
    () => lost ?? draft.kept?.content ?? { ...published.content, base: published },
  );
  /** The draft on the server that is to be replaced. */
  const tag = useRef(draft.tag);
  /** A draft of the reader's that was written elsewhere, in another tab or on another machine. */
  const [elsewhere, setElsewhere] = useState<OwnDraft | undefined>(() =>
    lost && draft.kept && left?.draftTag !== draft.tag ? draft : undefined,
  );
  const elsewhereNow = useRef(elsewhere);
  elsewhereNow.current = elsewhere;
  /** What others have published since `base`, which therefore cannot be replaced without a look at it. */
  const [theirs, setTheirs] = useState<Published | undefined>(() =>
    now !== undefined && now.base.etag !== published.etag ? published : undefined,
  );
  const [restoredFrom, setRestoredFrom] = useState(
    // A new report is nothing but its draft: that it is there is no news.
    lost
      ? new Date().toISOString()
      : editable.newIn === undefined
        ? draft.kept?.savedAt
        : undefined,
  );
  const [saving, setSaving] = useState<SavingState>({ is: 'unchanged' });
  /** Counts how often the content was replaced by something that was not written here. */
  const [revision, setRevision] = useState(0);
  const latest = useRef(now);

  const [saver] = useState(() =>
    createDraftSaver<DraftContent>(async (content) => {
      here.write({ content, draftTag: tag.current });
      if (elsewhereNow.current) throw new ElsewhereError();
      try {
        await send(content);
      } catch (error) {
        if (!isStatus(error, 412) && !isStatus(error, 409)) throw error;
        const other = await editable.readDraft();
        const { kept } = other;
        if (kept && !isSame(kept.content, content)) {
          elsewhereNow.current = other;
          setElsewhere(other);
          throw new ElsewhereError();
        }
        // It was saved and the answer got lost, or there is no draft any more that could be.
        tag.current = other.tag;
        if (kept === undefined) await send(content);
      }
      here.forget();
    }, setSaving),
  );
  async function send(content: DraftContent): Promise<void> {
    if (changesBetween(content.base.content, content).length === 0) {
      tag.current = await editable.discardDraft(tag.current);
      return;
    }
    const saved = await editable.saveDraft(content, tag.current);
    tag.current = saved.tag;
    if (saved.version !== content.base.version) await lookAtTheirs();
  }
  useEffect(() => {
    if (left) {
      if (lost) here.write({ content: lost, draftTag: tag.current });
      forgetLost(left);
    }
    if (lost) saver.change(lost);
    const keepNow = () => {
      if (saver.isWaiting()) here.write({ content: latest.current, draftTag: tag.current });
    };
    window.addEventListener('pagehide', keepNow);
    return () => {
      window.removeEventListener('pagehide', keepNow);
      void saver.end().finally(here.end);
    };
  }, [saver, here, lost, left]);
  const isKept = saving.is !== 'waiting' && saving.is !== 'failed';
  useEffect(() => {
    if (isKept) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isKept]);

  const isPublished = useRef(false);
  const lookAtTheirs = useCallback(async (): Promise<boolean> => {
    const current = await editable.readPublished();
    const isBehind = current.etag !== latest.current.base.etag && !isPublished.current;
    setTheirs(isBehind ? current : undefined);
    return isBehind;
  }, [editable]);
  // A member who continues to write is told when the draft is saved, at the latest.
  const onEvent = useCallback(() => void lookAtTheirs().catch(() => {}), [lookAtTheirs]);
  useReportEvents(editable.organization, editable.token, onEvent);
  function put(next: DraftContent) {
    latest.current = next;
    setNow(next);
  }
  function keep(next: DraftContent) {
    put(next);
    saver.change(next);
  }
  /** Goes on from theirs with this content, which is other than what the page shows. */
  function goOn(base: Published, content: EditedContent) {
    keep({ ...content, base });
    setTheirs(undefined);
    setRevision((count) => count + 1);
  }

  return {
    now,
    theirs,
    elsewhere,
    restoredFrom,
    saving,
    revision,
    changes: changesBetween(now.base.content, now),
    /** What becomes otherwise of theirs where mine takes its place. */
    changesOfTheirs: theirs ? changesBetween(theirs.content, now) : [],
    change(update: (content: EditedContent) => EditedContent) {
      keep({ ...update(latest.current), base: latest.current.base });
    },
    dismissRestored: () => setRestoredFrom(undefined),
    /** The report is as it is published; what I wrote is gone. */
    async discard() {
      await saver.stop();
      tag.current = await editable.discardDraft();
      here.forget();
      setElsewhere(undefined);
      const current = await editable.readPublished();
      put({ ...current.content, base: current });
      setTheirs(undefined);
      setRestoredFrom(undefined);
      setSaving({ is: 'unchanged' });
      setRevision((count) => count + 1);
    },
    /** Goes on with what was written elsewhere; what was written here is gone. */
    async takeElsewhere() {
      if (!elsewhere) return;
      // It would be tried again, in place of what was written elsewhere.
      await saver.stop();
      tag.current = elsewhere.tag;
      here.forget();
      put(elsewhere.kept?.content ?? { ...published.content, base: published });
      setElsewhere(undefined);
      setSaving({ is: 'saved' });
      setRevision((count) => count + 1);
    },
    /** Goes on with what was written here, in place of what was written elsewhere. */
    keepHere() {
      if (!elsewhere) return;
      tag.current = elsewhere.tag;
      elsewhereNow.current = undefined;
      setElsewhere(undefined);
      saver.change(latest.current);
    },
    /** Leaves what was written in the browser, for the next editor of the report that is opened. */
    async leave() {
      await saver.stop();
      here.write({ content: latest.current, draftTag: '' });
      here.end();
    },
    /** Takes theirs where I changed nothing. */
    merge() {
      const { base, ...mine } = latest.current;
      if (theirs) goOn(theirs, mergeContent({ base: base.content, theirs: theirs.content, mine }));
    },
    /** Keeps mine as it is, to be published in the place of theirs. */
    placeOver() {
      const { base: _, ...mine } = latest.current;
      if (theirs) goOn(theirs, placedOver(theirs.content, mine));
    },
    /** Publishes; answers the token of the report, or undefined where others have meanwhile, and nothing was. */
    async publish(space?: string | null): Promise<string | undefined> {
      await saver.stop();
      try {
        isPublished.current = true;
        const token = await editable.publish(latest.current, tag.current, space);
        setSaving({ is: 'unchanged' });
        here.forget();
        return token;
      } catch (error) {
        isPublished.current = false;
        // What could not be published goes on being a draft.
        saver.change(latest.current);
        if (isStatus(error, 412) && (await lookAtTheirs())) return undefined;
        throw error;
      }
    },
  };
}

class ElsewhereError extends Error {}

/** What a browser has that its server never got; undefined where the server has it, or there is nothing. */
function lostWords(kept: KeptHere | null, draft: OwnDraft): DraftContent | undefined {
  if (kept === null) return undefined;
  const known = draft.kept?.content ?? kept.content.base.content;
  return isSame(known, kept.content) ? undefined : kept.content;
}
