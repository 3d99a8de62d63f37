/** One place back or on in a list. */
export type Step = -1 | 1;

/** The list with one thing moved; as it is where there is no room. */
export function moved<Thing>(things: readonly Thing[], place: number, step: Step): Thing[] {
  const thing = things[place];
  const next = place + step;
  if (thing === undefined || next < 0 || next >= things.length) return [...things];
  return things.toSpliced(place, 1).toSpliced(next, 0, thing);
}

/** What Shift and an arrow ask for; undefined for other keys. */
export function stepOf({ key, shiftKey }: { key: string; shiftKey: boolean }): Step | undefined {
  if (!shiftKey) return undefined;
  if (key === 'ArrowLeft' || key === 'ArrowUp') return -1;
  return key === 'ArrowRight' || key === 'ArrowDown' ? 1 : undefined;
}
