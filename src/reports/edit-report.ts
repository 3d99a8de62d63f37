import { setImmediate as nextTurn } from 'node:timers/promises';
import { wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { changeOrganization, type RowWriter } from '../inventory/row-writer.ts';
import { type Access, accessOf, getReportRow } from '../spaces/space-access.ts';
import { changesBetween } from './content/changes.ts';
import { fieldsOf, reportFields } from './content/content.ts';
import { type ReportContent, summaryOf } from './report-content.ts';
import { auditReport, emailOf, noteWithMember, type ReportEditor } from './report-editor.ts';
import { requireRoom } from './report-limits.ts';
import {
  changeReportRows,
  contentOf,
  loadReport,
  type RowPatches,
  type StoredReport,
} from './report-rows.ts';
import { countVersions, insertVersion } from './version-store.ts';
import { writeItems } from './write-content.ts';

/**
 * A report that is being changed, and that nobody else changes meanwhile: it is read once, and whatever changes it goes
 * through here.
 */
export class ReportEdit {
  readonly store: Store;
  readonly writer: RowWriter;
  readonly access: Access;
  readonly editor: ReportEditor;
  #stored: StoredReport;

  constructor(
    parts: Pick<ReportEdit, 'store' | 'writer' | 'access' | 'editor'>,
    stored: StoredReport,
  ) {
    this.store = parts.store;
    this.writer = parts.writer;
    this.access = parts.access;
    this.editor = parts.editor;
    this.#stored = stored;
  }

  get organizationId(): number {
    return this.editor.caller.organization.id;
  }

  /** The report as this edit has left it so far. */
  get stored(): StoredReport {
    return this.#stored;
  }

  /** What people edit of it. */
  get content(): ReportContent {
    return contentOf(this.#stored);
  }

  /** Changes the rows of the report, which is no edit by a person. */
  async changeRows(patches: RowPatches): Promise<void> {
    this.#stored = await changeReportRows(this.writer, this.#stored, patches);
  }

  /**
   * Gives the report this content. Where that changes anything it is an edit: the report, its stats and the member who
   * edits say so, and a version is kept. Of a report that was never edited here, the state in which it was found is kept
   * as a version too.
   *
   * @param reason what the version says of itself, where that is not what differs.
   * @throws ApiError bad_request where the report would become too large.
   */
  async save(after: ReportContent, reason?: string): Promise<void> {
    const { store, writer, editor, organizationId, content: before } = this;
    const changes = changesBetween(before, after);
    if (changes.length === 0) return;
    const text = JSON.stringify(after);
    requireRoom(before, after, text);
    await nextTurn();

    const { slot, token } = this.#stored.report;
    const nowMs = editor.clock();
    const savedAt = wireTime(nowMs);
    const editorEmail = await emailOf(store, editor.caller);
    let number = await countVersions(store, organizationId, slot);
    if (number === 0) {
      const found = {
        savedAt: lastTouchedAt(this.#stored) ?? savedAt,
        summary: 'As it was imported',
      };
      const version = { number: ++number, editorEmail: null, ...found };
      await insertVersion(store, organizationId, slot, version, JSON.stringify(before));
    }

    const parts = { store, writer, organizationId, stored: this.#stored, nowMs };
    this.#stored = await writeItems(parts, changes, after);
    await this.#markEdited(after, savedAt, editorEmail);
    await noteWithMember(store, writer, editor, 'last_report_edited_at');

    const summary = reason ?? summaryOf(changes);
    const version = { number: ++number, savedAt, editorEmail, summary };
    await insertVersion(store, organizationId, slot, version, text);
    const subject = { token, name: after.name };
    await auditReport(store, editor, 'report.edited', subject, { version: number, summary });
  }

  async #markEdited(after: ReportContent, savedAt: string, editorEmail: string | null) {
    const { stats } = this.#stored;
    const before = stats ? readRow(lists.report_stats, stats).editors_emails : [];
    const isNew = editorEmail !== null && !before.includes(editorEmail);
    await this.changeRows({
      report: { ...fieldsOf(reportFields, after), edited_at: savedAt, updated_at: savedAt },
      stats: { editors_emails: isNew ? [...before, editorEmail] : before },
    });
  }
}

/**
 * Changes a report that the caller may see, in one transaction. Whatever a person edits of it passes through here, so
 * that each edit leaves its version and its marks.
 *
 * @throws ApiError not_found; conflict where the report is archived.
 */
export async function editReport<Result>(
  database: Database,
  editor: ReportEditor,
  token: string,
  work: (edit: ReportEdit) => Promise<Result>,
): Promise<Result> {
  return withReport(database, editor, token, async (edit) => {
    if (edit.stored.report.archived) {
      throw new ApiError(
        'conflict',
        'The report is archived and cannot be changed.',
        'Unarchive it first, with PATCH and /unarchive at the end of its path.',
      );
    }
    return work(edit);
  });
}

/** The same for what may be done with archived reports too. */
export async function withReport<Result>(
  database: Database,
  editor: ReportEditor,
  token: string,
  work: (edit: ReportEdit) => Promise<Result>,
): Promise<Result> {
  const { id } = editor.caller.organization;
  return changeOrganization(database, id, async (store, writer) => {
    const access = await accessOf(store, id, editor.caller);
    const report = await getReportRow(store, id, access, token);
    const stored = await loadReport(store, id, report);
    return work(new ReportEdit({ store, writer, access, editor }, stored));
  });
}

/** Since when a report that was never edited here has been as it is, as far as that is known. */
function lastTouchedAt({ report }: StoredReport): string | null {
  const row = readRow(lists.reports, report);
  return row.edited_at ?? row.updated_at ?? row.created_at;
}
