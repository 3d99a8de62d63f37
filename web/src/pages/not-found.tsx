import { usePageTitle } from '../parts/page-title.ts';
import { words } from '../words.ts';

export function NotFound() {
  usePageTitle(words.notFoundTitle);
  return (
    <main className="page">
      <h1>{words.notFoundTitle}</h1>
      <p className="faint">{words.notFoundHint}</p>
    </main>
  );
}
