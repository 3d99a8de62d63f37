/** Whether a text holds every word of what was typed, whatever their case and accents. */
export function holdsWords(text: string, typed: string): boolean {
  const folded = fold(text);
  return (fold(typed).match(/\S+/g) ?? []).every((word) => folded.includes(word));
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
