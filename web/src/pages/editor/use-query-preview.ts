import { useEffect, useRef, useState } from 'react';
import { previewQuery, type Tried } from '../../api/content.ts';
import type { FormValue, Values } from '../../api/runs.ts';
import type { SqlError } from '../../editor/sql-editor.tsx';
import { words } from '../../words.ts';
import { lineAsWritten } from './error-place.ts';

/** A result, and what it is the result of. */
export type Result = {
  tried: Tried;
  /** What was run: the whole SQL, or what was selected of it. */
  text: string;
  isSelection: boolean;
  /** Whether the SQL, its parameters or the data source are others now, or were run again to no result. */
  isEarlier: boolean;
};

/** How the last attempt ended, or that it goes on. */
type Status = 'none' | 'running' | 'stopped' | 'failed' | 'succeeded';

/** What was tried last of a query, and with which parameters. */
export function useQueryPreview(organization: string, dataSource: string | null, sql: string) {
  const [tried, setTried] = useState<Tried>();
  /** The last that succeeded, and all that it depends on. */
  const [kept, setKept] = useState<{
    tried: Tried;
    text: string;
    of: string;
    isSelection: boolean;
  }>();
  const [failure, setFailure] = useState<unknown>();
  const [sqlError, setSqlError] = useState<SqlError>();
  const [values, setValues] = useState<Values>({});
  const [status, setStatus] = useState<Status>('none');
  const stopped = useRef<AbortController>(null);
  useEffect(() => () => stopped.current?.abort(), []);
  const now = JSON.stringify([dataSource, sql, values]);

  async function run(text: string, firstLine: number) {
    if (dataSource === null || text.trim() === '') return;
    stopped.current?.abort();
    const control = new AbortController();
    stopped.current = control;
    setStatus('running');
    setFailure(undefined);
    setSqlError(undefined);
    try {
      const query = { raw_query: text, parameters: values };
      const came = await previewQuery(organization, dataSource, query, control.signal);
      if (control.signal.aborted) return;
      setTried(came);
      setStatus(came.state);
      if (came.state === 'succeeded') {
        setKept({ tried: came, text, of: now, isSelection: text !== sql });
        return;
      }
      const line = lineAsWritten(text, came.rendered_source, came.error_line);
      setSqlError({
        message: came.error_message ?? words.standing.failed,
        line: line === undefined ? undefined : line + firstLine - 1,
      });
    } catch (error) {
      if (control.signal.aborted) return;
      setFailure(error);
      setStatus('failed');
    }
  }

  const result: Result | undefined = kept && {
    ...kept,
    isEarlier: status !== 'succeeded' || kept.of !== now,
  };
  return {
    tried,
    result,
    failure,
    sqlError,
    values,
    status,
    run,
    stop() {
      stopped.current?.abort();
      stopped.current = null;
      setStatus('stopped');
    },
    setValue: (name: string, value: FormValue) => setValues((now) => ({ ...now, [name]: value })),
  };
}
