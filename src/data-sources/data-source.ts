import type { Adapter, Connection } from './kinds.ts';

/** The options of a connection; which there are depends on the adapter. */
export type ConnectionOptions = Record<string, string | number>;

/** Where queries run, as it is kept: what is secret of it is sealed. */
export type DataSource = {
  id: number;
  token: string;
  name: string;
  description: string | null;
  adapter: Adapter;
  options: ConnectionOptions;
  sealedSecrets: string | null;
  /** The member who made it. */
  creatorSlot: number | null;
  createdAt: string;
  updatedAt: string;
};

/** The options whose change sends what is secret to another place than it was given for. */
const PLACE: readonly (keyof Extract<Connection, { host: string }>)[] = ['host', 'port'];

/** Whether a connection leads to the same server after a change of its options. */
export function isSamePlace(before: ConnectionOptions, after: ConnectionOptions): boolean {
  return PLACE.every((option) => before[option] === after[option]);
}
