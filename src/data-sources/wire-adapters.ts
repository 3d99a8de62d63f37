import { Type } from 'typebox';
import type { Adapter } from './connection.ts';

/** Adapters as the wire names them. */
export const wireAdapters = {
  duckdb: 'jdbc:duckdb',
  postgresql: 'jdbc:postgresql',
  mysql: 'jdbc:mysql',
  sqlite: 'jdbc:sqlite',
} as const satisfies Record<Adapter, string>;

/** One of these words: its refusal names them all. */
export const oneOf = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>(Type.String({ enum: [...words], description }));

/** @param wire one of `wireAdapters`. */
export function adapterOf(wire: string): Adapter {
  const adapters = Object.keys(wireAdapters) as Adapter[];
  return adapters.find((adapter) => wireAdapters[adapter] === wire) as Adapter;
}
