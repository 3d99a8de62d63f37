import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { distinctNames } from '../../../results/distinct-names.ts';
import { identifier, literal } from '../../../results/duckdb.ts';
import type { ColumnType } from './column-type.ts';
import { excerpt } from './excerpt.ts';
import { type FoundType, findTypes } from './find-types.ts';
import { jsonFailure } from './json-failure.ts';
import { findLongNumbers, type LongNumbers, writePlainJson } from './json-numbers.ts';
import { isNumber, type JsonStructure, MOST_DEPTH, typeOfStructure } from './json-structure.ts';
import type { LookedColumn, TextFile } from './look-at-csv.ts';
import { type Encoding, nameOf, readEncoding, unreadable } from './text-encoding.ts';

/** How a file of JSON is read exactly. */
export type JsonLook = {
  format: 'json';
  encoding: Encoding;
  /** Whether it has to be written again for DuckDB: in UTF-8, and with numbers as text that have too many digits for it. */
  isRewritten: boolean;
  /** What its rows are: objects whose fields are columns, the same where two names differ in case alone, or whatever else. */
  rows: 'fields' | 'extracted' | 'values';
  columns: (LookedColumn & { key: string /** As what DuckDB reads it. */; read: string })[];
  notes: string[];
};

const TIMES = ['DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'TIME'];

/** Looks at all of a file of JSON. @throws QueryError that says what is wrong with it. */
export async function lookAtJson(
  duckdb: DuckDBConnection,
  file: TextFile,
  { isQuick = false }: { isQuick?: boolean } = {},
): Promise<JsonLook> {
  const { encoding, isGuess, hasMark } = await readEncoding(file.path);
  const long = await findLongNumbers(file.path, encoding);
  let isRewritten = encoding !== 'utf-8' || hasMark || long.inexact;
  const notes: string[] = [];
  if (isGuess)
    notes.push(
      `Read as ${nameOf(encoding)}, which is a guess: the file does not state its encoding.`,
    );
  try {
    if (isRewritten) await writePlainJson(file, encoding, long);
    let structure = await structureOf(duckdb, file, isRewritten);
    if (!isRewritten && long.nestedBeyondFloat && hasNestedFloat(structure)) {
      isRewritten = true;
      long.inexact = true;
      await writePlainJson(file, encoding, long);
      structure = await structureOf(duckdb, file, isRewritten);
    }
    if (long.inexact)
      notes.push('Numbers with more digits than JSON numbers keep are read as text.');
    const look: JsonLook = {
      format: 'json',
      encoding,
      isRewritten,
      rows: 'values',
      columns: [],
      notes,
    };
    return { ...look, ...(await columnsOf(duckdb, file, { structure, look, long, isQuick })) };
  } catch (error) {
    throw await jsonFailure(error, file, encoding);
  }
}

/** SQL for its rows. */
export async function jsonRows(file: TextFile, look: JsonLook): Promise<string> {
  if (look.isRewritten && !existsSync(file.copy))
    await writePlainJson(file, look.encoding, await findLongNumbers(file.path, look.encoding));
  const values = look.columns.map(({ name, type, read, expression }) => {
    const column = identifier(name);
    if (expression !== undefined) return `${expression.replaceAll('?', column)} AS ${column}`;
    return type === read ? column : `CAST(${column} AS ${type}) AS ${column}`;
  });
  return `SELECT ${values.join(', ')} FROM ${sourceOf(file, look)}`;
}

async function structureOf(
  duckdb: DuckDBConnection,
  file: TextFile,
  isRewritten: boolean,
): Promise<JsonStructure | null> {
  const objects = objectsOf(file, isRewritten);
  const [row] = (
    await duckdb.runAndReadAll(`SELECT json_group_structure(json) FROM ${objects}`)
  ).getRows();
  return row?.[0] == null ? null : (JSON.parse(String(row[0])) as JsonStructure);
}

/** @throws QueryError where a row has a key twice, of which an extraction would find the first alone. */
async function requireKeysOnce(duckdb: DuckDBConnection, objects: string): Promise<void> {
  const [row] = (
    await duckdb.runAndReadAll(
      `SELECT json::VARCHAR FROM ${objects} WHERE len(json_keys(json)) > len(list_distinct(json_keys(json))) LIMIT 1`,
    )
  ).getRows();
  if (row) throw unreadable(`an object has a repeated key: ${excerpt(String(row[0]), 100)}`);
}

type Found = {
  structure: JsonStructure | null;
  look: JsonLook;
  long: LongNumbers;
  isQuick: boolean;
};

async function columnsOf(
  duckdb: DuckDBConnection,
  file: TextFile,
  { structure, look, long, isQuick }: Found,
): Promise<Pick<JsonLook, 'rows' | 'columns'>> {
  if (structure === null || typeof structure === 'string' || Array.isArray(structure)) {
    const type = structure === null ? 'JSON' : typeOfStructure(structure, true);
    return {
      rows: 'values',
      columns: [{ name: 'json', key: 'json', type, read: type, isEmpty: false }],
    };
  }
  const keys = Object.keys(structure);
  const isCased = new Set(keys.map((key) => key.toLowerCase())).size < keys.length;
  const rows = isCased || keys.includes('') ? 'extracted' : 'fields';
  if (rows === 'extracted') await requireKeysOnce(duckdb, objectsOf(file, look.isRewritten));
  const names = distinctNames(keys);
  const columns = keys.map((key, index) => {
    const of = structure[key] as JsonStructure;
    const isText =
      of === 'VARCHAR' || of === 'NULL' || isNumber(of) || (of === 'JSON' && long.inexact);
    const type = isText
      ? 'VARCHAR'
      : rows === 'extracted' && typeof of !== 'string'
        ? 'JSON'
        : typeOfStructure(of, long.nestedBeyondFloat);
    return { name: names[index] as string, key, of, isText, column: { type, read: type } };
  });
  const texts = columns.filter(({ isText, of }) => isText && of !== 'NULL');
  const plain = columns.map(({ name, key, column }) => ({ name, key, ...column, isEmpty: false }));
  const source = sourceOf(file, { ...look, rows, columns: plain });
  const found = await findTypes(
    duckdb,
    source,
    texts.map(({ name }) => name),
    { isQuick },
  );
  const types = new Map(
    texts.map(({ name, of }, index) => [name, jsonType(found[index] as FoundType, of)]),
  );
  return { rows, columns: plain.map((one) => ({ ...one, ...types.get(one.name) })) };
}

/** A text of JSON is a text, unless it is a time as ISO 8601 writes it; only a number is a number. */
function jsonType({ type, facts }: FoundType, of: JsonStructure): ColumnType {
  if (isNumber(of)) return type;
  if (TIMES.includes(type.type)) return type;
  return facts.kinds !== 0 && type.note?.startsWith('Text: no value says')
    ? type
    : { type: 'VARCHAR' };
}

function sourceOf(file: TextFile, { rows, columns, isRewritten }: JsonLook): string {
  if (rows === 'extracted') {
    const values = columns.map(({ name, key, read }) => {
      const path = literal(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      return `${read === 'JSON' ? `json -> ${path}` : `(json ->> ${path})::${read}`} AS ${identifier(name)}`;
    });
    return `(SELECT ${values.join(', ')} FROM ${objectsOf(file, isRewritten)})`;
  }
  const types = columns.map(({ key, read }) => `${literal(key)}: ${literal(read)}`);
  return `${file.reader}(${literal(placeOf(file, isRewritten))}, records = ${rows === 'fields'}, columns = {${types.join(', ')}}, ${commonOptions(file)})`;
}

function objectsOf(file: TextFile, isRewritten: boolean): string {
  return `${file.reader}_objects(${literal(placeOf(file, isRewritten))}, ${commonOptions(file)})`;
}

const USUAL_OBJECT_BYTES = 16 * 1024 * 1024;
const LEAST_OBJECT_BYTES = 64 * 1024;

/** DuckDB takes twice the largest object that it is told of for each thread. */
function commonOptions({ sizeBytes, file }: TextFile): string {
  const isPacked = /\.(gz|zst)$/i.test(file);
  const bytes = isPacked
    ? USUAL_OBJECT_BYTES
    : Math.min(USUAL_OBJECT_BYTES, Math.max(2 * sizeBytes, LEAST_OBJECT_BYTES));
  return `maximum_object_size = ${bytes}`;
}

function placeOf({ path, copy }: TextFile, isRewritten: boolean): string {
  return isRewritten ? copy : path;
}

function hasNestedFloat(structure: JsonStructure | null, depth = 0): boolean {
  if (structure === null || depth > MOST_DEPTH) return false;
  if (typeof structure === 'string') return structure === 'DOUBLE' && depth > 1;
  return Object.values(structure).some((inner) =>
    hasNestedFloat(inner as JsonStructure, depth + 1),
  );
}
