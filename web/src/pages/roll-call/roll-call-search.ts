import { type ListName, lists } from '../../api/roll-call.ts';

/** Which list the roll call shows, and which page of it; both live in the address. */
export type RollCallSearch = { list?: ListName | undefined; page?: number | undefined };

export function readRollCallSearch({ list, page }: Record<string, unknown>): RollCallSearch {
  return {
    list: lists.find((name) => name === list),
    page: Number.isSafeInteger(page) && (page as number) > 1 ? (page as number) : undefined,
  };
}
