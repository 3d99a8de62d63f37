/** The beginning of a text, in whole characters, with a mark where it goes on. */
export function excerpt(text: string, most: number): string {
  const characters = [...text.slice(0, 2 * most)];
  const isAll = text.length <= 2 * most && characters.length <= most;
  return isAll ? text : `${characters.slice(0, most).join('')}…`;
}
