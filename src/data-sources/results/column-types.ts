import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  type DuckDBPreparedStatement,
  DuckDBStructType,
  type DuckDBType,
} from '@duckdb/node-api';
import { keptAsText } from './column-notes.ts';
import { identifier, literal } from './duckdb.ts';

/** A column as DuckDB knows it. */
export type TypedColumn = { name: string; type: DuckDBType };

/** The columns of a statement that needs no values to have them. */
export function typedColumns(statement: DuckDBPreparedStatement): TypedColumn[] {
  return Array.from({ length: statement.columnCount }, (_, index) => ({
    name: statement.columnName(index),
    type: statement.columnType(index),
  }));
}

/** What a HUGEINT becomes: a DECIMAL, which holds all but the last of its 39 digits, or its text. */
export type Wide = 'DECIMAL(38,0)' | 'VARCHAR';

/** DuckDB's name of a type, as it may stand in SQL; a JSON is a text with another name. */
export function typeName(type: DuckDBType): string {
  return nameOf(type, (leaf) => (leaf.alias === 'JSON' ? 'JSON' : String(leaf)));
}

/**
 * The type that a column of a DuckDB type has in a result's file, which keeps fewer types and some of them wrongly: an
 * interval comes back shorter than it was, a sum of whole numbers as a float. What a file cannot hold is its text.
 */
export function storedType(type: DuckDBType, wide: Wide): string {
  return nameOf(type, (leaf) => {
    const name = leaf.alias === 'JSON' ? 'JSON' : String(leaf);
    if (name === 'HUGEINT') return wide;
    // Without a digit before the point, DuckDB writes .5 for 0.5.
    if (leaf instanceof DuckDBDecimalType && leaf.width === leaf.scale && leaf.width < 38)
      return `DECIMAL(${leaf.width + 1},${leaf.scale})`;
    return KEPT.test(name) ? name : 'VARCHAR';
  });
}

/** What is said of a column of a type that a result's file holds as text, or that has such a type within. */
export function noteOnType(type: DuckDBType, wide: Wide): string | undefined {
  const asText = new Set<string>();
  nameOf(type, (leaf) => {
    const name = String(leaf).replace(/\(.*/s, '');
    const isText = storedType(leaf, wide) === 'VARCHAR' && !/^(VARCHAR|SQLNULL|"NULL")$/.test(name);
    if (isText && leaf.alias !== 'JSON') asText.add(name);
    return name;
  });
  if (asText.size === 0) return undefined;
  const why = asText.has('HUGEINT') ? ' A whole number of the result has 39 digits.' : '';
  return keptAsText([...asText].join(' and ')) + why;
}

const KEPT =
  /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIME|TIME_NS|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?|UUID|BLOB|VARCHAR|JSON)$/;

/** A type's name, made of the names of what it is made of. */
function nameOf(type: DuckDBType, leafName: (leaf: DuckDBType) => string): string {
  const inner = (one: DuckDBType) => nameOf(one, leafName);
  if (type instanceof DuckDBListType) return `${inner(type.valueType)}[]`;
  if (type instanceof DuckDBArrayType) return `${inner(type.valueType)}[${type.length}]`;
  if (type instanceof DuckDBMapType) return `MAP(${inner(type.keyType)}, ${inner(type.valueType)})`;
  if (!(type instanceof DuckDBStructType)) return leafName(type);
  const fields = fieldsOf(type).map(({ name, type: of }) => `${identifier(name)} ${inner(of)}`);
  return `STRUCT(${fields.join(', ')})`;
}

/** The fields of a STRUCT; those of a tuple, which have no names, are called by their places. */
function fieldsOf(type: DuckDBStructType): { name: string; type: DuckDBType }[] {
  return type.entryTypes.map((of, index) => ({
    name: type.entryNames[index] || String(index + 1),
    type: of,
  }));
}

/** Whether values are made of others. */
export function isNested(type: DuckDBType): boolean {
  return [DuckDBListType, DuckDBArrayType, DuckDBMapType, DuckDBStructType].some(
    (one) => type instanceof one,
  );
}

/** SQL that gives a stored column's value as it stands in JSON, at every depth; see QueryResult.preview. */
export function jsonCell(type: DuckDBType, column: string, depth = 0): string {
  if (isJsonAlready(type)) return `to_json(${column})`;
  const within = (of: DuckDBType, value: string) => jsonCell(of, value, depth + 1);
  const one = `one_${depth}`;
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    const cell = within(type.valueType, one);
    return `to_json(list_transform(${column}::${typeName(type.valueType)}[], lambda ${one}: ${cell}))`;
  }
  if (type instanceof DuckDBMapType) {
    const entry = `{'key': ${one}.key::VARCHAR, 'value': ${within(type.valueType, `${one}.value`)}}`;
    return `to_json(map_from_entries(list_transform(map_entries(${column}), lambda ${one}: ${entry})))`;
  }
  if (type instanceof DuckDBStructType) {
    const fields = fieldsOf(type).map(({ name, type: of }, index) => {
      const value = `struct_extract_at(${column}, ${index + 1})`;
      return `${literal(name)}, ${within(of, value)}`;
    });
    return `CASE WHEN ${column} IS NULL THEN NULL ELSE json_object(${fields.join(', ')}) END`;
  }
  return leafCell(typeName(type), column);
}

function leafCell(type: string, column: string): string {
  const text = `to_json(${column}::VARCHAR)`;
  const where = (condition: string, value = column) =>
    `CASE WHEN ${condition} THEN to_json(${value}) ELSE ${text} END`;
  if (/^(U?BIGINT|HUGEINT)$/.test(type))
    return where(`${column} BETWEEN -9007199254740991 AND 9007199254740991`);
  const [, digits, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  // DuckDB writes no zero before the point of these, which JSON asks for.
  if (digits !== undefined && digits === scale)
    return `to_json(regexp_replace(${column}::VARCHAR, '^(-?)\\.', '\\10.'))`;
  // 15 digits are what a 64-bit float always gives back.
  if (Number(digits) > 15) return where(`abs(${column}) < 1e${15 - Number(scale)}`);
  if (/^(DOUBLE|FLOAT)$/.test(type)) {
    const number = type === 'FLOAT' ? `${column}::VARCHAR::DOUBLE` : column;
    const other = `ltrim(${column}::VARCHAR, CASE WHEN isnan(${column}) THEN '-' ELSE '' END)`;
    return `CASE WHEN isfinite(${column}) THEN to_json(${number}) ELSE to_json(${other}) END`;
  }
  if (/^TIMESTAMP(_|$)/.test(type)) return `to_json(${isoTime(column)})`;
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return `CASE WHEN isfinite(${column}) THEN to_json(${isoTime(`(${column} AT TIME ZONE 'UTC')`)} || 'Z') ELSE ${text} END`;
  if (type === 'JSON') return where(`NOT (${isLoose(column)})`);
  return text;
}

const PLAIN = /^(U?(TINY|SMALL)INT|U?INTEGER|BOOLEAN|VARCHAR|DATE|UUID|DECIMAL\((\d|1[0-5]),.*\))$/;

/** Whether DuckDB's own JSON of a type is what we say. */
function isJsonAlready(type: DuckDBType): boolean {
  if (type instanceof DuckDBListType) return isJsonAlready(type.valueType);
  if (type instanceof DuckDBMapType)
    return typeName(type.keyType) === 'VARCHAR' && isJsonAlready(type.valueType);
  if (type instanceof DuckDBStructType)
    return fieldsOf(type).every(
      ({ type: of, name }, index) => name === type.entryNames[index] && isJsonAlready(of),
    );
  return PLAIN.test(typeName(type));
}

/**
 * DuckDB takes more for JSON than JSON is: numbers that are none, and a comma before an end. Numbers that a reader's float
 * makes others of, by their many digits or a large exponent, are none either.
 */
function isLoose(json: string): string {
  const loose = `'(?i)nan|inf|,\\s*[\\]}]|(^|[^.\\d])\\d{16}|(\\d\\.?){18}|\\de\\+?\\d{3}'`;
  const withoutTexts = `regexp_replace(${json}, '"(\\\\.|[^"\\\\])*"', '""', 'g')`;
  return `regexp_matches(${json}, ${loose}) AND regexp_matches(${withoutTexts}, ${loose})`;
}

function isoTime(time: string): string {
  return `regexp_replace(${time}::VARCHAR, ' (\\d\\d:)', 'T\\1')`; // before Christ there is a (BC) between
}
