import type { Load } from './load.ts';
import { median } from './median.ts';

/**
 * Takes measurements in turns, round after round, so that whatever else the machine does meets all of them alike.
 * Answers the middle of each of their figures.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  measurements: Record<Name, () => Promise<Load>>,
): Promise<Record<Name, Load>> {
  const results = await timesInTurns(rounds, measurements);
  const middle = (name: Name): Load => ({
    perSecond: median(results[name].map((one) => one.perSecond)),
    p50Ms: median(results[name].map((one) => one.p50Ms)),
    p99Ms: median(results[name].map((one) => one.p99Ms)),
  });
  const names = Object.keys(measurements) as Name[];
  return Object.fromEntries(names.map((name) => [name, middle(name)])) as Record<Name, Load>;
}

/** The same for measurements that answer one number. */
export async function numbersInTurns<Name extends string>(
  rounds: number,
  measurements: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const results = await timesInTurns(rounds, measurements);
  const names = Object.keys(measurements) as Name[];
  return Object.fromEntries(names.map((name) => [name, median(results[name])])) as Record<
    Name,
    number
  >;
}

async function timesInTurns<Name extends string, Result>(
  rounds: number,
  measurements: Record<Name, () => Promise<Result>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(measurements) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<
    Name,
    Result[]
  >;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await measurements[name]());
  }
  return results;
}
