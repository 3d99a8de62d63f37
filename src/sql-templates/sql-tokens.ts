/** How a data source reads SQL. MariaDB reads it as MySQL does. */
export type Dialect = 'duckdb' | 'postgresql' | 'mysql' | 'sqlite';

type SqlTokenKind =
  | 'space'
  | 'comment'
  | 'literal'
  | 'escapedLiteral' // E'...', with backslashes
  | 'dollarLiteral' // $$...$$, $tag$...$tag$
  | 'identifier' // quoted
  | 'unclosed' // a literal, identifier or comment that never ends, to the end of the text
  | 'word' // keywords and names; a dotted name is one word
  | 'number'
  | 'value' // the place of a value
  | 'parameter' // a placeholder as the engine itself writes it
  | 'symbol';

export type SqlToken = { kind: SqlTokenKind; text: string };

/** Stands in the text for a value that is not in it. No SQL may hold this character. */
export const valueMark = '\0';

type Rule = readonly [SqlTokenKind, RegExp];

const letters = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`;
const word: Rule = ['word', new RegExp(`${letters}(?:\\.${letters})*`, 'y')];
const number: Rule = ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y];
const doubled: Rule = ['literal', /'[^']*(?:''[^']*)*'/y];
const quotedName: Rule = ['identifier', /"[^"]*(?:""[^"]*)*"/y];
const tickedName: Rule = ['identifier', /`[^`]*(?:``[^`]*)*`/y];
const flatComment: Rule = ['comment', /\/\*[\s\S]*?\*\//y];
const escaped: Rule = ['escapedLiteral', /[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y];
const dollars: Rule[] = [
  ['dollarLiteral', /\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?\$\1\$/y],
  ['unclosed', /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*/y],
];

const always: Rule[] = [['space', /\s+/y], ['value', /\0/y], tickedName];
const rest: Rule[] = [
  ['unclosed', /(?:[eE]?'|"|`|\/\*)[\s\S]*/y],
  word,
  number,
  ['symbol', /[\s\S]/y],
];

/** In the order in which they are tried. Where a sign has no rule in a dialect, the dialect gives it no meaning. */
const rules: Record<Dialect, Rule[]> = {
  duckdb: [
    ...always,
    ['comment', /--[^\n\r]*/y],
    escaped,
    doubled,
    ...dollars,
    quotedName,
    ['parameter', /\?\d*|\$\w+/y],
    ...rest,
  ],
  postgresql: [
    ...always,
    ['comment', /--[^\n\r]*/y],
    escaped,
    doubled,
    ...dollars,
    quotedName,
    ['parameter', /\$\d+/y],
    ...rest,
  ],
  mysql: [
    ...always,
    ['comment', /(?:--(?=\s|$)|#)[^\n]*/y],
    flatComment,
    ['literal', /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y],
    ['literal', /"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*"/y],
    ['parameter', /\?/y],
    ...rest,
  ],
  sqlite: [
    ...always,
    ['comment', /--[^\n]*/y],
    flatComment,
    doubled,
    quotedName,
    ['identifier', /\[[^\]]*\]/y],
    ['unclosed', /\[[^\]]*/y],
    ['parameter', /\?\d*|[:@$]\w+/y],
    ...rest,
  ],
};

/** Where a comment that may hold others ends, if it does. */
function endOfNestedComment(sql: string, start: number): number | undefined {
  const edges = /\/\*|\*\//g;
  edges.lastIndex = start;
  for (let depth = 0, edge = edges.exec(sql); edge !== null; edge = edges.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return edges.lastIndex;
  }
  return undefined;
}

function tokenAt(sql: string, dialect: Dialect, start: number): SqlToken {
  const nests = dialect === 'duckdb' || dialect === 'postgresql';
  if (nests && sql.startsWith('/*', start)) {
    const end = endOfNestedComment(sql, start);
    return { kind: end === undefined ? 'unclosed' : 'comment', text: sql.slice(start, end) };
  }
  for (const [kind, pattern] of rules[dialect]) {
    pattern.lastIndex = start;
    const match = pattern.exec(sql);
    if (match) return { kind, text: match[0] };
  }
  throw new Error('The last rule takes every character.');
}

/** The tokens of a text of SQL; joined, they are that text. It tells quoted from bare, and judges no grammar. */
export function tokenizeSql(sql: string, dialect: Dialect): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, dialect, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}
