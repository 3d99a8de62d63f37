import { useCallback, useEffect, useRef, useState } from 'react';
import { changesBetween } from '../../../../src/reports/content/changes.ts';
import { mergeContent, placedOver } from '../../../../src/reports/content/merge.ts';
import { isStatus } from '../../api/client.ts';
import * as wire from '../../api/content.ts';
import type { DraftContent, EditedContent, Published } from '../../api/edited-content.ts';
import { useReportNews } from '../../api/live.ts';
import { createDraftSaver, type SavingState } from './draft-saver.ts';
import { forgetLost, type KeptHere, keepHere, type LostHere } from './kept-here.ts';

export type Edits = ReturnType<typeof useEdits>;

/** A report as it is being edited: kept as a draft while one writes, and published when one says so. */
export function useEdits(
  organization: string,
  report: string,
  { published, draft }: wire.ToEdit,
  left: LostHere | null,
) {
  const [here] = useState(() => keepHere(organization, report));
  const [lost] = useState(() => lostWords(left, draft));
  const [now, setNow] = useState<DraftContent>(
    () => lost ?? draft.kept?.content ?? { ...published.content, base: published },
  );
  /** The draft on the server that is to be replaced. */
  const tag = useRef(draft.tag);
  /** A draft of the reader's that was written elsewhere, in another tab or on another machine. */
  const [elsewhere, setElsewhere] = useState<wire.OwnDraft | undefined>(() =>
    lost && draft.kept && left?.draftTag !== draft.tag ? draft : undefined,
  );
  const elsewhereNow = useRef(elsewhere);
  elsewhereNow.current = elsewhere;
  /** What others have published since `base`, which therefore cannot be replaced without a look at it. */
  const [theirs, setTheirs] = useState<Published | undefined>(() =>
    now !== undefined && now.base.etag !== published.etag ? published : undefined,
  );
  const [restoredFrom, setRestoredFrom] = useState(
    lost ? new Date().toISOString() : draft.kept?.savedAt,
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
        if (!isStatus(error, 412)) throw error;
        const other = await wire.readOwnDraft(organization, report);
        const { kept } = other;
        if (kept && changesBetween(kept.content, content).length > 0) {
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
      await wire.discardDraft(organization, report, tag.current);
      tag.current = (await wire.readOwnDraft(organization, report)).tag;
      return;
    }
    const saved = await wire.saveDraft(organization, report, content, tag.current);
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
    const current = await wire.readPublished(organization, report);
    const isBehind = current.etag !== latest.current.base.etag && !isPublished.current;
    setTheirs(isBehind ? current : undefined);
    return isBehind;
  }, [organization, report]);
  // Whoever goes on writing is told when the draft is saved, at the latest.
  const onNews = useCallback(() => void lookAtTheirs().catch(() => {}), [lookAtTheirs]);
  useReportNews(organization, report, onNews);
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
      await wire.discardDraft(organization, report);
      tag.current = (await wire.readOwnDraft(organization, report)).tag;
      here.forget();
      setElsewhere(undefined);
      const current = await wire.readPublished(organization, report);
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
    /** Publishes; false where others have meanwhile, and nothing was. */
    async publish(): Promise<boolean> {
      await saver.stop();
      const { base, ...content } = latest.current;
      try {
        isPublished.current = true;
        await wire.publish(organization, report, content, base.etag);
        setSaving({ is: 'unchanged' });
        here.forget();
        return true;
      } catch (error) {
        isPublished.current = false;
        // What could not be published goes on being a draft.
        saver.change(latest.current);
        if (isStatus(error, 412) && (await lookAtTheirs())) return false;
        throw error;
      }
    },
  };
}

class ElsewhereError extends Error {}

/** What a browser has that its server never got; undefined where the server has it, or there is nothing. */
function lostWords(kept: KeptHere | null, draft: wire.OwnDraft): DraftContent | undefined {
  if (kept === null) return undefined;
  const known = draft.kept?.content ?? kept.content.base.content;
  return changesBetween(known, kept.content).length === 0 ? undefined : kept.content;
}
