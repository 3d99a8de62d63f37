import { type Field, type List, lists, type Row } from '../inventory/lists.ts';

const { fields }: { fields: readonly Field[] } = lists.reports satisfies List;

/** The fields of reports by whose words they are found. The words of their queries' SQL come on top. */
export const searchedFields = fields
  .filter(({ searched }) => searched)
  .map(({ name }) => name as keyof Row<'reports'>);
