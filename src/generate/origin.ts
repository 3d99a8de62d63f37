/** What everything generated derives from: the same origin always gives the same inventory. */
export type Origin = {
  seed: number;
  /** Username of the organization that the inventory is for. */
  organization: string;
  /** Nothing generated happened after this. */
  untilMs: number;
};
