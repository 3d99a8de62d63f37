import { createHash } from 'node:crypto';
import { standardReading, tokenizeSql } from './sql-tokens.ts';

/** So many that a JavaScript number holds them: among millions, hardly two are the same by chance. */
const BYTES = 6;

/**
 * The same number for two queries whose SQL differs in white space, comments and letter case alone, outside of what is quoted;
 * undefined for a text without SQL. SQL of all dialects is read as one, since what is compared was mostly written for the same.
 */
export function sqlFingerprint(rawQuery: string): number | undefined {
  const folded = tokenizeSql(rawQuery, standardReading)
    .filter(({ kind }) => kind !== 'space' && kind !== 'comment')
    .map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : text));
  while (folded.at(-1) === ';') folded.pop();
  if (folded.length === 0) return undefined;
  return createHash('sha256').update(folded.join(' ')).digest().readUIntBE(0, BYTES);
}
