import { useRouter } from '@tanstack/react-router';
import { isStatus } from '../api/client.ts';
import { Button } from '../parts/button.tsx';
import { Failure } from '../parts/notice.tsx';
import { usePageTitle } from '../parts/page-title.ts';
import { words } from '../words.ts';
import { NotFound } from './not-found.tsx';

/** What stands where a page could not be made. */
export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  usePageTitle(words.failedTitle);
  if (isStatus(error, 404)) return <NotFound />;
  const tryAgain = async () => {
    // A part that did not come is asked for again only when the page is loaded.
    if (error instanceof TypeError) return window.location.reload();
    await router.invalidate();
    reset();
  };
  return (
    <main className="page stack">
      <h1>{words.failedTitle}</h1>
      <Failure error={error} />
      <div className="actions">
        <Button onClick={tryAgain}>{words.tryAgain}</Button>
      </div>
    </main>
  );
}
