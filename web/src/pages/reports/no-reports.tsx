import type { ReportsSearch } from '../../api/report-list.ts';
import { Button } from '../../parts/button.tsx';
import { words } from '../../words.ts';
import { ME } from './filter-fields.ts';
import styles from './reports-page.module.css';

const texts = words.reports;

/** What leaves no report out. */
export const noFilters = {
  q: undefined,
  space: undefined,
  owner: undefined,
  state: undefined,
  chart: undefined,
  show: undefined,
  favorites: undefined,
  recent: undefined,
} satisfies ReportsSearch;

/** Why the list is empty, and what to do about it. */
export function NoReports({ search, onClear }: { search: ReportsSearch; onClear: () => void }) {
  const given = Object.keys(noFilters).filter((name) => search[name as keyof ReportsSearch]);
  return (
    <div className={styles.none}>
      <p>{saidWhy(search, given)}</p>
      {given.length > 0 && <Button onClick={onClear}>{texts.clearFilters}</Button>}
    </div>
  );
}

function saidWhy({ favorites, recent, owner }: ReportsSearch, given: readonly string[]): string {
  if (given.length === 0) return texts.noneYet;
  if (given.length > 1) return texts.none;
  if (favorites) return texts.noFavorites;
  if (recent) return texts.noneViewed;
  return owner === ME ? texts.noneOwned : texts.none;
}
