import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { type Report, reportKey } from '../../api/reports.ts';
import { ownAddress } from '../../base-path.ts';
import { CopyField } from '../../parts/copy-field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';

/** The report's row as catalogs see it now, and the line that lists it. */
export function ApiPanel({ organization, report }: { organization: string; report: Report }) {
  const row = useQuery({
    queryKey: [...reportKey(organization, report.token), 'row'],
    queryFn: ({ signal }) =>
      call('GET /api/:organization/reports/:token/discovery_row', {
        params: { organization, token: report.token },
        signal,
      }),
  });
  const address = ownAddress(`/batch/${organization}/reports`);
  return (
    <div className="stack">
      <p className="faint">{words.report.rowHint}</p>
      <Loaded query={row}>
        {(data) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
          <pre className={styles.sql} tabIndex={0}>
            {JSON.stringify(data, null, 2)}
          </pre>
        )}
      </Loaded>
      <CopyField
        label={words.report.listAll}
        text={`curl -H "Authorization: Bearer $TOKEN" '${address}'`}
      />
      <p>
        <a href={ownAddress('/docs')}>{words.apiReference}</a>
      </p>
    </div>
  );
}
