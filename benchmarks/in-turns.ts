import { median } from './median.ts';

/** What one measurement answers: some figures, each by its name. */
type Figures = Record<string, number>;

/**
 * Takes measurements in turns, round after round, so that whatever else the machine does meets all of them alike.
 * Answers the middle of each of their figures.
 */
export async function inTurns<Name extends string, Found extends Figures>(
  rounds: number,
  measurements: Record<Name, () => Promise<Found>>,
): Promise<Record<Name, Found>> {
  const names = Object.keys(measurements) as Name[];
  const results = new Map(names.map((name) => [name, [] as Found[]]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results.get(name)?.push(await measurements[name]());
  }
  const middle = (found: readonly Found[]): Found => {
    const figures = Object.keys(found[0] ?? {}).map((figure) => [
      figure,
      median(found.map((one) => one[figure] as number)),
    ]);
    return Object.fromEntries(figures);
  };
  return Object.fromEntries([...results].map(([name, found]) => [name, middle(found)])) as Record<
    Name,
    Found
  >;
}

/** The same for measurements that answer one number. */
export async function numbersInTurns<Name extends string>(
  rounds: number,
  measurements: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const entries = Object.entries(measurements) as [Name, () => Promise<number>][];
  const found = await inTurns(
    rounds,
    Object.fromEntries(
      entries.map(([name, measure]) => [name, async () => ({ number: await measure() })]),
    ) as Record<Name, () => Promise<{ number: number }>>,
  );
  return Object.fromEntries(entries.map(([name]) => [name, found[name].number])) as Record<
    Name,
    number
  >;
}
