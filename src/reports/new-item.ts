import { wireTime } from '../clock.ts';
import type { ReportEdit } from './edit-report.ts';
import type { Saved } from './report-content.ts';
import { emailOf } from './report-editor.ts';

/** What a query or chart has that is made in an edit. */
export async function newItem({ store, writer, editor }: ReportEdit): Promise<Saved> {
  const { caller, identifiers, clock } = editor;
  return {
    token: identifiers.token(),
    made: {
      id: writer.nextOwnId(),
      at: wireTime(clock()),
      bySlot: caller.member?.slot ?? null,
      byEmail: await emailOf(store, caller),
    },
  };
}
