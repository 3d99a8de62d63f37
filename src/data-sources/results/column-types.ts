import type { DuckDBType } from '@duckdb/node-api';

/** DuckDB's name of a type; a JSON is a text with another name. */
export function typeName(type: DuckDBType): string {
  return type.alias === 'JSON' ? 'JSON' : String(type);
}

/**
 * What a column of a DuckDB type becomes in a result's Parquet file, which knows fewer types: sums of whole numbers
 * would turn into floats there, and lose digits.
 */
export function storedType(type: string): string {
  if (type === 'HUGEINT') return 'DECIMAL(38,0)';
  if (/^(UHUGEINT|BIGNUM|BIT|"NULL"|TIME WITH TIME ZONE|(ENUM|UNION)\(.*)$/.test(type))
    return 'VARCHAR';
  return type;
}

/** SQL that gives a stored column's value as it stands in JSON; see QueryResult.preview. */
export function jsonCell(type: string, column: string): string {
  const text = `to_json(${column}::VARCHAR)`;
  const numberWhere = (condition: string, number = column) =>
    `CASE WHEN ${condition} THEN to_json(${number}) ELSE ${text} END`;
  if (/^U?BIGINT$/.test(type))
    return numberWhere(`${column} BETWEEN -9007199254740991 AND 9007199254740991`);
  const [, digits, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  // 15 digits are what a 64-bit float always gives back.
  if (Number(digits) > 15) return numberWhere(`abs(${column}) < 1e${15 - Number(scale)}`);
  if (type === 'DOUBLE') return numberWhere(`isfinite(${column})`);
  if (type === 'FLOAT') return numberWhere(`isfinite(${column})`, `${column}::VARCHAR::DOUBLE`);
  if (/^TIMESTAMP(_|$)/.test(type)) return `to_json(${isoTime(column)})`;
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return `to_json(${isoTime(`(${column} AT TIME ZONE 'UTC')`)} || 'Z')`;
  const isJsonItself =
    /^(U?(TINY|SMALL)INT|U?INTEGER|BOOLEAN|JSON|DECIMAL\(.*|STRUCT\(.*|MAP\(.*|.*\])$/s;
  return isJsonItself.test(type) ? `to_json(${column})` : text;
}

function isoTime(time: string): string {
  return `replace(${time}::VARCHAR, ' ', 'T')`;
}
