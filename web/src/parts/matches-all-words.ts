/** Whether a text has every typed word, ignoring case and accents. */
export function matchesAllWords(text: string, typed: string): boolean {
  const folded = fold(text);
  return (fold(typed).match(/\S+/g) ?? []).every((word) => folded.includes(word));
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
