import { type List, lists } from '../discovery/lists.ts';
import { sqlFingerprint } from '../queries/sql-fingerprint.ts';
import type { ReportRuns } from './answering.ts';
import type { ChangedRow } from './inventory-store.ts';

/** What roll call knows of a report. */
export type InventoryReport = ReportRuns & {
  slot: number;
  token: string;
  name: string | null;
  /** The slot of its space. */
  space: number | null;
  personal: boolean;
  lastViewedAt: string | null;
  creatorEmail: string | null;
};

export type InventorySpace = {
  token: string;
  name: string | null;
  personal: boolean;
};

type ReportRow = {
  token: string;
  name: string | null;
  last_run_at: string | null;
  last_run_state: string | null;
  last_successfully_run_at: string | null;
  last_viewed_at: string | null;
  creator_email: string | null;
};
type SpaceRow = { token: string; name: string | null };
type QueryRow = { raw_query: string | null };
type MemberRow = { member_email: string | null; state: string | null; banned_at: string | null };

/** An organization's reports as roll call sees them, held in memory and brought up to date change by change. */
export class Inventory {
  readonly #reports = new Map<number, InventoryReport>();
  readonly spaces = new Map<number, InventorySpace>();
  /** By the query's slot. */
  readonly #queries = new Map<number, { report: number; fingerprint: string }>();
  readonly #members = new Map<number, string>();
  #inOrder: InventoryReport[] | undefined;
  #activeEmails: Set<string> | undefined;

  /** Every report in the order of its list. */
  get reports(): readonly InventoryReport[] {
    this.#inOrder ??= [...this.#reports.values()].sort((a, b) => a.slot - b.slot);
    return this.#inOrder;
  }

  /** The addresses of those who are members and were not shut out, in lower case. */
  get activeEmails(): ReadonlySet<string> {
    this.#activeEmails ??= new Set(this.#members.values());
    return this.#activeEmails;
  }

  /** The SQL of every query, as what tells it from other SQL, with the slot of the query's report. */
  get fingerprints(): Iterable<{ report: number; fingerprint: string }> {
    return this.#queries.values();
  }

  static readonly lists: readonly List[] = [
    lists.spaces,
    lists.members,
    lists.reports,
    lists.queries,
  ];

  apply(list: List, rows: readonly ChangedRow[]): void {
    if (rows.length === 0) return;
    this.#inOrder = undefined;
    this.#activeEmails = undefined;
    for (const row of rows) this.#applyRow(list, row);
  }

  #applyRow(list: List, { slot, parent, personal, body }: ChangedRow): void {
    const row = body === null ? undefined : JSON.parse(String(body));
    const isPersonal = personal === 1;
    switch (list) {
      case lists.reports:
        put(
          this.#reports,
          slot,
          row && toReport(row, { slot, space: parent, personal: isPersonal }),
        );
        break;
      case lists.spaces:
        put(this.spaces, slot, row && toSpace(row, isPersonal));
        break;
      case lists.members:
        put(this.#members, slot, row && activeEmail(row));
        break;
      case lists.queries: {
        const fingerprint = sqlFingerprint((row as QueryRow | undefined)?.raw_query ?? '');
        const known = parent !== null && fingerprint !== undefined;
        put(this.#queries, slot, known ? { report: parent, fingerprint } : undefined);
        break;
      }
      default:
    }
  }
}

function put<Value>(map: Map<number, Value>, slot: number, value: Value | undefined): void {
  if (value === undefined) map.delete(slot);
  else map.set(slot, value);
}

export function toReport(
  row: ReportRow,
  place: Pick<InventoryReport, 'slot' | 'space' | 'personal'>,
): InventoryReport {
  return {
    ...place,
    token: row.token,
    name: row.name,
    lastRunAt: row.last_run_at,
    lastRunState: row.last_run_state,
    lastSuccessAt: row.last_successfully_run_at,
    lastViewedAt: row.last_viewed_at,
    creatorEmail: row.creator_email,
  };
}

function toSpace({ token, name }: SpaceRow, personal: boolean): InventorySpace {
  return { token, name, personal };
}

/** The address of a member who was not shut out, in lower case. */
export function activeEmail({ member_email, state, banned_at }: MemberRow): string | undefined {
  const isActive = banned_at === null && (state === null || state === 'active');
  return isActive ? member_email?.toLowerCase() : undefined;
}
