/** What to look after, each a part of the reports. Every report is in one of the first four. */
export const rollCallLists = [
  'answering',
  'failing',
  'stale',
  'never_ran',
  'never_viewed',
  'owner_left',
  'duplicates',
] as const;
export type RollCallList = (typeof rollCallLists)[number];

/** Whether a report answers, and if not, why. */
export type AnswerState = 'answering' | 'failing' | 'stale' | 'never_ran';

export type Counts = { reports: number } & Record<RollCallList, number>;
