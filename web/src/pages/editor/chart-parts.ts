/** What a chart may ask for of its query's result. */
export type Part = 'x' | 'y' | 'y2' | 'series' | 'columns';

const parts: Record<string, readonly Part[]> = {
  table: ['columns'],
  bigNumber: ['y'],
  pie: ['x', 'y'],
  donut: ['x', 'y'],
  linePlusBar: ['x', 'y', 'y2'],
};

/** What a chart of this type asks for, in the order in which it does. */
export function partsOf(type: string): readonly Part[] {
  return parts[type] ?? ['x', 'y', 'series'];
}
