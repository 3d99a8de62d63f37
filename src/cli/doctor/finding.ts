/** What a check found: a warning is not as it should be, a problem keeps something from working. */
export type Finding = {
  /** What was looked at. */
  check: string;
  result: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it. */
  hint: string | null;
};

export function ok(check: string, message: string): Finding {
  return { check, result: 'ok', message, hint: null };
}

export function warning(check: string, message: string, hint: string): Finding {
  return { check, result: 'warning', message, hint };
}

export function problem(check: string, message: string, hint: string): Finding {
  return { check, result: 'problem', message, hint };
}
