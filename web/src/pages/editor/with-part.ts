import type { ChartSpec } from '../../../../src/charts/chart-spec.ts';

/** What becomes otherwise of a spec; what is undefined is left to the result again. */
export type SpecChange = { [Part in keyof ChartSpec]?: ChartSpec[Part] | undefined };

export function withPart(spec: ChartSpec | null, change: SpecChange): ChartSpec {
  const said = Object.entries({ ...spec, ...change }).filter(([, part]) => part !== undefined);
  return Object.fromEntries(said) as ChartSpec;
}
