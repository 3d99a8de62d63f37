import { identifier } from '../../../results/duckdb.ts';

/** What json_group_structure says: the name of a type, a list of one, or an object of them. */
export type JsonStructure = string | JsonStructure[] | { [key: string]: JsonStructure };

/** An object with more keys has names for keys that are values themselves, such as identifiers. */
const MOST_FIELDS = 200;
/** Deeper ones stay JSON: with each list in a list, the SQL that writes a cell takes DuckDB twice as long. */
export const MOST_DEPTH = 12;

export function isNumber(structure: JsonStructure): boolean {
  return typeof structure === 'string' && /^(U?BIGINT|U?HUGEINT|DOUBLE)$/.test(structure);
}

/**
 * The type of DuckDB for it. What has values of several kinds stays JSON.
 *
 * @param isLong whether whole numbers may be beyond 2^63.
 */
export function typeOfStructure(structure: JsonStructure, isLong: boolean, depth = 0): string {
  if (depth > MOST_DEPTH) return 'JSON';
  if (structure === 'NULL') return 'JSON';
  if (structure === 'UBIGINT') return isLong ? 'UBIGINT' : 'BIGINT';
  if (typeof structure === 'string') return structure;
  if (Array.isArray(structure))
    return `${typeOfStructure(structure[0] ?? 'NULL', isLong, depth + 1)}[]`;
  const fields = Object.entries(structure);
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  if (
    fields.length > MOST_FIELDS ||
    fields.length === 0 ||
    names.size < fields.length ||
    names.has('')
  )
    return 'JSON';
  return `STRUCT(${fields.map(([name, of]) => `${identifier(name)} ${typeOfStructure(of, isLong, depth + 1)}`).join(', ')})`;
}
