/** A report of the demo, as somebody would have written it. */
export type DemoReport = {
  name: string;
  description: string;
  /** Who made it; the part of the address before the @. */
  by: DemoMember;
  queries: readonly DemoQuery[];
  schedule?: { freq: 'hourly' | 'daily' | 'weekly'; hour?: number; day_of_week?: string };
};

export type DemoQuery = { name: string; sql: string; charts: readonly DemoChart[] };

/** What a chart shows: `x` and `y` are columns of its query, `series` the column that tells lines or colours apart. */
export type DemoChart = {
  type: string;
  title: string;
  x?: string;
  y?: readonly string[];
  series?: string;
};

export const demoMembers = ['admin', 'ana', 'bo', 'chen', 'dara'] as const;
export type DemoMember = (typeof demoMembers)[number];

export type DemoSpace = { name: string; description: string; reports: readonly DemoReport[] };
