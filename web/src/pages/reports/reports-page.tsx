import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isReading } from '../../api/reading.ts';
import { type ReportsSearch, useFirstReports } from '../../api/report-list.ts';
import { createReport } from '../../api/reports.ts';
import { spaceLabel, useSpace } from '../../api/spaces.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Failure } from '../../parts/notice.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { PersonalMark } from '../../parts/personal-mark.tsx';
import { words } from '../../words.ts';
import { NoReports, noFilters } from './no-reports.tsx';
import { ReportFilters } from './report-filters.tsx';
import { ReportTable } from './report-table.tsx';
import styles from './reports-page.module.css';

// Dialogs are large, and the list does not wait for them.
const DeletedReports = lazy(() => import('./deleted-reports.tsx'));
const SpaceActions = lazy(() => import('./space-actions.tsx'));

/** Home: every report that the reader may see, and the means to find one. */
export function ReportsPage() {
  const { organization } = useParams({ from: '/$organization' });
  const search = useSearch({ from: '/$organization/' });
  const navigate = useNavigate();
  const first = useFirstReports(organization, search);
  const count =
    first.data && !isReading(first.data) ? first.data.pagination.total_count : undefined;
  const { data: space } = useSpace(organization, search.space);
  usePageTitle(space ? spaceLabel(space) : words.places.reports);
  const [failure, setFailure] = useState<unknown>();
  const change = (next: ReportsSearch) =>
    navigate({
      to: '/$organization',
      params: { organization },
      search: { ...search, ...next },
      replace: true,
    });
  const make = async () => {
    try {
      const place = space ? { space_token: space.token } : {};
      const report = await createReport(organization, { name: words.reports.newName, ...place });
      await navigate({
        to: '/$organization/reports/$report/edit',
        params: { organization, report },
      });
    } catch (error) {
      setFailure(error);
    }
  };

  return (
    <main className={`page wide ${styles.page}`}>
      <div className="page-head">
        <h1>
          {space ? spaceLabel(space) : words.places.reports} {space?.isPersonal && <PersonalMark />}
        </h1>
        {space?.isChangeable && (
          <Suspense>
            <SpaceActions key={space.token} organization={organization} space={space} />
          </Suspense>
        )}
        <Button kind="main" onClick={make}>
          {words.reports.make}
        </Button>
      </div>
      {space?.isPersonal && (
        <p className={styles.about}>{space.isOwn ? words.spaces.own : words.spaces.others}</p>
      )}
      {space?.description && <p className={styles.about}>{space.description}</p>}
      {failure !== undefined && <Failure error={failure} />}
      <ReportFilters
        organization={organization}
        space={space}
        search={search}
        count={search.show === 'deleted' ? undefined : count}
        onChange={change}
      />
      {search.show === 'deleted' ? (
        <Suspense>
          <DeletedReports organization={organization} />
        </Suspense>
      ) : (
        <Loaded query={first}>
          {(list) =>
            isReading(list) ? (
              <p className={styles.none} role="status">
                {words.reports.reading(list.percent_read)}
              </p>
            ) : list.pagination.total_count === 0 ? (
              <NoReports search={search} onClear={() => change(noFilters)} />
            ) : (
              <ReportTable
                key={JSON.stringify(search)}
                organization={organization}
                search={search}
                count={list.pagination.total_count}
                onOrder={change}
              />
            )
          }
        </Loaded>
      )}
    </main>
  );
}
