/** The one place that time comes from, so that a test can fix it. Answers milliseconds since 1970. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** A time as the APIs write it: UTC with milliseconds and `Z`, `2020-05-04T20:17:55.387Z`. */
export function wireTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** A time as the members list writes it: UTC in whole seconds, `2020-05-04T20:17:55Z`. */
export function wireTimeInSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
