import type { SqlReading } from './sql-tokens.ts';

/** What a driver is given for a placeholder. A list has become several of them, a date is text. */
export type QueryValue = string | number | boolean | null;

/** How a kind of data source reads SQL, and how values are written for it. */
export type Dialect = {
  reading: SqlReading;
  /** `$1`, which may stand again for the same value, or `?`, one after the other. */
  placeholders: 'numbered' | 'in turn';
  /** Whether a backslash in a literal takes the meaning from the character after it. */
  backslashEscapes: boolean;
  /** Parts of a text, written as one expression. */
  concatenate(operands: readonly string[]): string;
  /** A value as its driver takes it. */
  toDriver(value: QueryValue): QueryValue;
  /** The type that an engine has to be told of a value without quotes, where it would guess another. */
  typeOf(value: QueryValue): string | undefined;
  /** The type of a placeholder before IS, where the engine knows none. */
  typeBeforeIs: string | undefined;
  /** Words before a literal that say its type, with the type of a CAST that says the same. */
  literalTypes: ReadonlyMap<string, string>;
  /** Whether a value may stand between INTERVAL and a unit. */
  bindsIntervals: boolean;
};

/** What most engines have in common. */
export const plainDialect = {
  backslashEscapes: false,
  concatenate: (operands) => `(${operands.join(' || ')})`,
  toDriver: (value) => value,
  typeOf: () => undefined,
  typeBeforeIs: undefined,
  bindsIntervals: false,
} satisfies Partial<Dialect>;

/** `DATE '2026-01-01'` is a literal; with a placeholder the same is said by a CAST. */
export function literalTypes(...types: string[]): Map<string, string> {
  return new Map(types.map((type) => [type, type.toUpperCase()]));
}
