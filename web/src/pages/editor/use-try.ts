import { useEffect, useRef, useState } from 'react';
import { type Tried, tryQuery } from '../../api/content.ts';
import type { FormValue } from '../../api/runs.ts';
import type { SqlError } from '../../editor/sql-editor.tsx';
import { words } from '../../words.ts';
import { lineAsWritten } from './error-place.ts';

/** What was tried last of a query, and with which parameters. */
export function useTry(organization: string, dataSource: string | null) {
  const [tried, setTried] = useState<Tried>();
  /** The last that succeeded, which charts go on showing while the SQL is mended. */
  const [result, setResult] = useState<Tried>();
  const [failure, setFailure] = useState<unknown>();
  const [sqlError, setSqlError] = useState<SqlError>();
  const [values, setValues] = useState<Record<string, FormValue>>({});
  const [isRunning, setRunning] = useState(false);
  const stopped = useRef<AbortController>(null);
  useEffect(() => () => stopped.current?.abort(), []);

  async function run(text: string, firstLine: number) {
    if (dataSource === null || text.trim() === '') return;
    stopped.current?.abort();
    const control = new AbortController();
    stopped.current = control;
    setRunning(true);
    setFailure(undefined);
    setSqlError(undefined);
    try {
      const query = { raw_query: text, parameters: values };
      const came = await tryQuery(organization, dataSource, query, control.signal);
      if (control.signal.aborted) return;
      setTried(came);
      if (came.state === 'succeeded') setResult(came);
      if (came.state === 'failed') {
        const line = lineAsWritten(text, came.rendered_source, came.error_line);
        setSqlError({
          message: came.error_message ?? words.standing.failed,
          line: line === undefined ? undefined : line + firstLine - 1,
        });
      }
    } catch (error) {
      if (!control.signal.aborted) setFailure(error);
    } finally {
      if (stopped.current === control) setRunning(false);
    }
  }

  return {
    tried,
    result,
    failure,
    sqlError,
    values,
    isRunning,
    run,
    stop() {
      stopped.current?.abort();
      stopped.current = null;
      setRunning(false);
    },
    setValue: (name: string, value: FormValue) => setValues((now) => ({ ...now, [name]: value })),
  };
}
