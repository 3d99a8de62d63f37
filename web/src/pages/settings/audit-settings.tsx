import { useParams } from '@tanstack/react-router';
import { useAuditLog } from '../../api/settings.ts';
import { Breaking } from '../../parts/breaking.tsx';
import { Button } from '../../parts/button.tsx';
import { Waiting } from '../../parts/loaded.tsx';
import { Failure } from '../../parts/notice.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import { settingsWords } from './settings-words.ts';

export function AuditSettings() {
  usePageTitle(words.settings.audit);
  const { organization } = useParams({ from: '/$organization' });
  const log = useAuditLog(organization);
  if (log.isError) return <Failure error={log.error} />;
  if (log.data === undefined) return <Waiting />;
  const entries = log.data.pages.flatMap((page) => page.entries);
  return (
    <section className="stack">
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
              <td className="figure">
                <Breaking text={entry.action} />
              </td>
              <td>
                <Breaking text={entry.member ?? settingsWords.commandLine} />
              </td>
              <td className="spare">{entry.subject?.name ?? entry.subject?.token}</td>
              <td className="spare figure">{entry.address}</td>
            </tr>
          ))}
        </tbody>
      </table>
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
