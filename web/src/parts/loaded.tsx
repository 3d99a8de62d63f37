import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { words } from '../words.ts';
import { Button } from './button.tsx';
import { Failure } from './notice.tsx';

/** So long a wait goes unnoticed; what flickers for less is worse than nothing. */
const UNNOTICED_MS = 200;

/** What a query read; before that nothing, and after a while that it is being read; or why it could not be. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <Failure error={query.error}>
        <Button onClick={() => query.refetch()}>{words.tryAgain}</Button>
      </Failure>
    );
  }
  return <Waiting />;
}

export function Waiting() {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), UNNOTICED_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="faint" role="status">
      {isLong ? words.loading : '\u00a0'}
    </p>
  );
}
