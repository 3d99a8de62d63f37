import { useEffect, useRef, useState } from 'react';
import { changesBetween } from '../../../../src/reports/content/changes.ts';
import { mergeContent, placedOver } from '../../../../src/reports/content/merge.ts';
import { isStatus } from '../../api/client.ts';
import * as wire from '../../api/content.ts';
import type { DraftContent, EditedContent, Published } from '../../api/edited-content.ts';
import { createDraftSaver, type SavingState } from './draft-saver.ts';

export type Edits = ReturnType<typeof useEdits>;

/** A report as it is being edited: kept as a draft while one writes, and published when one says so. */
export function useEdits(organization: string, report: string, { published, draft }: wire.ToEdit) {
  const [now, setNow] = useState<DraftContent>(
    () => draft?.content ?? { ...published.content, base: published },
  );
  /** What others have published since `base`, which therefore cannot be replaced without a look at it. */
  const [theirs, setTheirs] = useState<Published | undefined>(() =>
    draft && draft.content.base.etag !== published.etag ? published : undefined,
  );
  const [restoredFrom, setRestoredFrom] = useState(draft?.savedAt);
  const [saving, setSaving] = useState<SavingState>({ is: 'unchanged' });
  /** Counts how often the content was replaced by something that was not written here. */
  const [revision, setRevision] = useState(0);
  const latest = useRef(now);

  const [saver] = useState(() =>
    createDraftSaver<DraftContent>(async (content) => {
      if (changesBetween(content.base.content, content).length === 0) {
        await wire.discardDraft(organization, report);
        return;
      }
      const version = await wire.saveDraft(organization, report, content);
      if (version !== content.base.version) await lookAtTheirs();
    }, setSaving),
  );
  useEffect(() => () => void saver.flush(), [saver]);
  const isKept = saving.is !== 'waiting' && saving.is !== 'failed';
  useEffect(() => {
    if (isKept) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isKept]);

  async function lookAtTheirs(): Promise<boolean> {
    const current = await wire.readPublished(organization, report);
    const isBehind = current.etag !== latest.current.base.etag;
    setTheirs(isBehind ? current : undefined);
    return isBehind;
  }
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
      const current = await wire.readPublished(organization, report);
      put({ ...current.content, base: current });
      setTheirs(undefined);
      setRestoredFrom(undefined);
      setSaving({ is: 'unchanged' });
      setRevision((count) => count + 1);
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
        await wire.publish(organization, report, content, base.etag);
        setSaving({ is: 'unchanged' });
        return true;
      } catch (error) {
        // What could not be published goes on being a draft.
        saver.change(latest.current);
        if (isStatus(error, 412) && (await lookAtTheirs())) return false;
        throw error;
      }
    },
  };
}
