import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type AuditEntry, type AuditFilter, useAuditLog } from '../../api/settings.ts';
import { Breaking } from '../../parts/breaking.tsx';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Waiting } from '../../parts/loaded.tsx';
import { Failure } from '../../parts/notice.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Time } from '../../parts/time.tsx';
import { useDebounced } from '../../parts/use-debounced.ts';
import { words } from '../../words.ts';
import { auditActions } from './audit-words.ts';
import styles from './settings-page.module.css';
import { settingsWords } from './settings-words.ts';

const actions = [
  { value: '', label: settingsWords.allActions },
  ...Object.entries(auditActions).map(([value, label]) => ({ value, label })),
];
const noFilter = { action: '', member: '', first: '', last: '' };
/** An address is not complete with each letter. */
const TYPING_MS = 400;

export function AuditSettings() {
  usePageTitle(words.settings.audit);
  const { organization } = useParams({ from: '/$organization' });
  const [given, setGiven] = useState(noFilter);
  const set = (change: Partial<typeof noFilter>) => setGiven({ ...given, ...change });
  const member = useDebounced(given.member.trim(), TYPING_MS);
  const log = useAuditLog(organization, toFilter({ ...given, member }));
  const entries = log.data?.pages.flatMap((page) => page.entries);
  const days = [
    ['first', settingsWords.from],
    ['last', settingsWords.to],
  ] as const;
  return (
    <section className="stack">
      <search className={styles.filter}>
        <SelectField
          label={settingsWords.action}
          value={given.action}
          options={actions}
          onChange={(action) => set({ action })}
        />
        <TextField
          label={settingsWords.actor}
          type="email"
          placeholder={settingsWords.fullAddress}
          value={given.member}
          onChange={(event) => set({ member: event.target.value })}
        />
        {days.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            type="date"
            max="9999-12-30"
            value={given[name]}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        ))}
        {Object.values(given).some(Boolean) && (
          <Button kind="bare" onClick={() => setGiven(noFilter)}>
            {words.reports.clearFilters}
          </Button>
        )}
      </search>
      {log.isError && <Failure error={log.error} />}
      {log.isPending && <Waiting />}
      {entries?.length === 0 && (
        <p className="faint" role="status">
          {settingsWords.noEntries}
        </p>
      )}
      {entries && entries.length > 0 && <Entries organization={organization} entries={entries} />}
      {log.hasNextPage && (
        <div className="actions">
          <Button isBusy={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
            {words.more}
          </Button>
        </div>
      )}
    </section>
  );
}

function Entries({
  organization,
  entries,
}: {
  organization: string;
  entries: readonly AuditEntry[];
}) {
  return (
    <table className="things">
      <thead>
        <tr>
          <th scope="col">{settingsWords.time}</th>
          <th scope="col">{settingsWords.action}</th>
          <th scope="col">{settingsWords.actor}</th>
          <th scope="col" className="spare">
            {settingsWords.target}
          </th>
          <th scope="col" className="spare">
            {settingsWords.address}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name of their own, and never move.
          <tr key={index}>
            <td>
              <Time at={entry.at} />
            </td>
            <td title={entry.action}>{auditActions[entry.action] ?? entry.action}</td>
            <td>
              <Breaking text={entry.member ?? settingsWords.commandLine} />
            </td>
            <td className="spare">
              <Target organization={organization} entry={entry} />
            </td>
            <td className="spare figure">{entry.address}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What it was done to, by the name that it had then; with the way to what may still be there. */
function Target({
  organization,
  entry: { action, subject, detail },
}: {
  organization: string;
  entry: AuditEntry;
}) {
  if (subject === null) return null;
  const { kind, token, name } = subject;
  const { report = kind === 'report' ? token : null } = (detail ?? {}) as { report?: unknown };
  const isDeleted = action === `${kind}.deleted`;
  if (typeof report === 'string' && !(kind === 'report' && isDeleted)) {
    return (
      <Link to="/$organization/reports/$report" params={{ organization, report }}>
        {name ?? (kind === 'report' ? words.untitled : settingsWords.reportOfSchedule)}
      </Link>
    );
  }
  if (kind === 'space' && token !== null && !isDeleted) {
    return (
      <Link to="/$organization" params={{ organization }} search={{ space: token }}>
        {name ?? words.untitled}
      </Link>
    );
  }
  // A session has no name, and its token says nothing.
  return name ?? (kind === 'session' ? null : token);
}

/** Whole days where the reader is, the last one included. */
function toFilter({ action, member, first, last }: typeof noFilter): AuditFilter {
  return {
    action: action || undefined,
    member: member || undefined,
    since: startOf(first, 0),
    until: startOf(last, 1),
  };
}

function startOf(date: string, daysLater: number): string | undefined {
  const day = new Date(`${date}T00:00`);
  if (Number.isNaN(day.getTime())) return undefined;
  day.setDate(day.getDate() + daysLater);
  return day.toISOString();
}
