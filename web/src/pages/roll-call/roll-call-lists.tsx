import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type Counts,
  csvAddress,
  type ListName,
  lists,
  PER_PAGE,
  readTokens,
  useRollCallList,
} from '../../api/roll-call.ts';
import BulkBar, { type Selected } from '../../manage/bulk-bar.tsx';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { figure } from '../../reader.ts';
import { words } from '../../words.ts';
import { ListedReports } from './listed-reports.tsx';
import styles from './roll-call-page.module.css';

const NONE: Selected = new Set();

/** The reports that want looking after, list by list, and what can be done with many of them at once. */
export function RollCallLists({ organization, counts }: { organization: string; counts: Counts }) {
  const { list = firstOf(counts), page = 1 } = useSearch({ from: '/$organization/roll-call' });
  return (
    <section className="section">
      <h2 className="out-of-sight">{words.rollCall.lookAfter}</h2>
      <nav className={styles.tabs} aria-label={words.rollCall.lookAfter}>
        {lists.map((name) => (
          <Link
            key={name}
            to="/$organization/roll-call"
            params={{ organization }}
            search={{ list: name }}
            resetScroll={false}
            className={styles.tab}
            aria-current={name === list ? 'page' : undefined}
          >
            {words.rollCall.lists[name]} <span className="figure">{figure(counts[name])}</span>
          </Link>
        ))}
      </nav>
      <OneList key={list} organization={organization} list={list} page={page} />
    </section>
  );
}

/** The first list that has a report. */
function firstOf(counts: Counts): ListName {
  return lists.find((name) => counts[name] > 0) ?? 'failing';
}

function OneList({
  organization,
  list,
  page,
}: {
  organization: string;
  list: ListName;
  page: number;
}) {
  const found = useRollCallList(organization, list, page);
  const [selected, setSelected] = useState<Selected>(NONE);
  return (
    <>
      <p className={styles.about}>
        {words.rollCall.about[list]}{' '}
        <a href={csvAddress(organization, list)} download>
          {words.rollCall.downloadList}
        </a>
      </p>
      <Loaded query={found}>
        {({ _embedded: { reports }, pagination: { total_count: count } }) =>
          count === 0 ? (
            <p className={styles.none}>{words.rollCall.empty[list]}</p>
          ) : (
            <>
              <BulkBar
                organization={organization}
                count={count}
                shown={reports.map(({ token }) => token)}
                selected={selected}
                readAll={() => readTokens(organization, list)}
                onSelect={setSelected}
              />
              <ListedReports
                organization={organization}
                list={list}
                reports={reports}
                selected={selected}
                onSelect={setSelected}
              />
              <Pager organization={organization} list={list} page={page} count={count} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function Pager({
  organization,
  list,
  page,
  count,
}: {
  organization: string;
  list: ListName;
  page: number;
  count: number;
}) {
  const navigate = useNavigate();
  const pages = Math.ceil(count / PER_PAGE);
  if (pages <= 1 && page === 1) return null;
  const go = (to: number) =>
    navigate({
      to: '/$organization/roll-call',
      params: { organization },
      search: { list, page: to > 1 ? to : undefined },
      resetScroll: false,
    });
  return (
    <nav className={styles.pager} aria-label={words.rollCall.pages}>
      <Button disabled={page <= 1} onClick={() => go(Math.min(page - 1, pages))}>
        {words.rollCall.previous}
      </Button>
      <span className="faint">{words.rollCall.pageOf(page, pages)}</span>
      <Button disabled={page >= pages} onClick={() => go(page + 1)}>
        {words.rollCall.next}
      </Button>
    </nav>
  );
}
