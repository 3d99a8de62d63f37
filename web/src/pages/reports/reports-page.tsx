import { words } from '../../words.ts';

export function ReportsPage() {
  return (
    <main className="page wide">
      <h1>{words.places.reports}</h1>
    </main>
  );
}
