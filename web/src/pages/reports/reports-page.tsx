import { Link, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isReading } from '../../api/reading.ts';
import { type ReportsSearch, useDrafts, useFirstReports } from '../../api/report-list.ts';
import { spaceLabel, useSpace } from '../../api/spaces.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { PersonalMark } from '../../parts/personal-mark.tsx';
import { words } from '../../words.ts';
import { NoReports, noFilters } from './no-reports.tsx';
import { ReportFilters } from './report-filters.tsx';
import { ReportTable } from './report-table.tsx';
import styles from './reports-page.module.css';

// Dialogs are large, and the list does not wait for them.
const NewReportDialog = lazy(() => import('../../manage/new-report-dialog.tsx'));
const Drafts = lazy(() => import('./drafts.tsx'));
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
  const { data: drafts } = useDrafts(organization);
  const isAside = search.show === 'deleted' || search.show === 'drafts';
  const [isAsked, setAsked] = useState(false);
  const router = useRouter();
  const [here] = useState(router.latestLocation.pathname);
  const change = (next: ReportsSearch) => {
    // A reader who has followed a link is not brought back by what was typed before.
    if (router.latestLocation.pathname !== here) return;
    void navigate({
      to: '/$organization',
      params: { organization },
      search: { ...search, ...next },
      replace: true,
    });
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
        {drafts && drafts.count > 0 && (
          <Link to="/$organization" params={{ organization }} search={{ show: 'drafts' }}>
            {words.reports.drafts(drafts.count)}
          </Link>
        )}
        <Button kind="main" className={styles.writes} onClick={() => setAsked(true)}>
          {words.reports.new}
        </Button>
      </div>
      {space?.isPersonal && (
        <p className={styles.about}>{space.isOwn ? words.spaces.own : words.spaces.others}</p>
      )}
      {space?.description && <p className={styles.about}>{space.description}</p>}
      <ReportFilters
        organization={organization}
        space={space}
        search={search}
        count={isAside ? undefined : count}
        onChange={change}
      />
      {isAside ? (
        <Suspense>
          {search.show === 'drafts' ? (
            <Drafts
              organization={organization}
              linkTo={(draft, name) => (
                <Link to="/$organization/drafts/$draft" params={{ organization, draft }}>
                  {name}
                </Link>
              )}
            />
          ) : (
            <DeletedReports organization={organization} />
          )}
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
      {isAsked && (
        <Suspense>
          <NewReportDialog
            organization={organization}
            space={space?.isOwn ? undefined : space?.token}
            onClose={() => setAsked(false)}
          />
        </Suspense>
      )}
    </main>
  );
}
