const MOST_WORDS = 20;
/** What the index makes words of; everything else only parts them. */
const IN_A_WORD = /[\p{L}\p{N}\p{Co}]/u;

/**
 * What somebody typed as an expression of SQLite's full-text search: all of the words, the last of them as the beginning
 * of one. A word with marks in it, such as `crm.closed_deals`, means its parts next to each other. Nothing that is typed
 * is an operator.
 *
 * @returns undefined where there is no word.
 */
export function matchExpression(typed: string): string | undefined {
  const words = typed
    .toWellFormed()
    .split(/[\s\0]+/)
    .filter((word) => IN_A_WORD.test(word))
    .slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  return `${words.map((word) => `"${word.replaceAll('"', ' ')}"`).join(' AND ')} *`;
}
