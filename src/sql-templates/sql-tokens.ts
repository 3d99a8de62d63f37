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

/** A kind of token and what it looks like: a sticky expression. */
export type TokenRule = readonly [SqlTokenKind, RegExp];

/** How a text of SQL falls into tokens. */
export type SqlReading = {
  /** In the order in which they are tried. A sign without a rule has no meaning. */
  rules: readonly TokenRule[];
  /** Whether a comment may hold others. */
  nestsComments: boolean;
};

const letters = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`;
const word: TokenRule = ['word', new RegExp(`${letters}(?:\\.${letters})*`, 'y')];
const number: TokenRule = ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y];
const doubled: TokenRule = ['literal', /'[^']*(?:''[^']*)*'/y];
const quotedName: TokenRule = ['identifier', /"[^"]*(?:""[^"]*)*"/y];
const tickedName: TokenRule = ['identifier', /`[^`]*(?:``[^`]*)*`/y];
const escaped: TokenRule = ['escapedLiteral', /[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y];
const dollars: readonly TokenRule[] = [
  ['dollarLiteral', /\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?\$\1\$/y],
  ['unclosed', /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*/y],
];

const always: readonly TokenRule[] = [['space', /\s+/y], ['value', /\0/y], tickedName];
const rest: readonly TokenRule[] = [
  ['unclosed', /(?:[eE]?'|"|`|\/\*)[\s\S]*/y],
  word,
  number,
  ['symbol', /[\s\S]/y],
];

/** The rules of a dialect between those that every dialect begins and ends with. */
export function tokenRules(...own: readonly TokenRule[]): readonly TokenRule[] {
  return [...always, ...own, ...rest];
}

/** Rules that several dialects have. */
export const tokens = {
  /** To the end of the line. */
  lineComment: ['comment', /--[^\n\r]*/y],
  flatComment: ['comment', /\/\*[\s\S]*?\*\//y],
  doubled,
  quotedName,
} as const satisfies Record<string, TokenRule>;

/** Literals of PostgreSQL that others have taken over. */
export const postgresLiterals: readonly TokenRule[] = [escaped, doubled, ...dollars];

/** SQL as PostgreSQL reads it, which is nearest to the standard. */
export const standardReading: SqlReading = {
  rules: tokenRules(tokens.lineComment, ...postgresLiterals, quotedName, ['parameter', /\$\d+/y]),
  nestsComments: true,
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

function tokenAt(sql: string, { rules, nestsComments }: SqlReading, start: number): SqlToken {
  if (nestsComments && sql.startsWith('/*', start)) {
    const end = endOfNestedComment(sql, start);
    return { kind: end === undefined ? 'unclosed' : 'comment', text: sql.slice(start, end) };
  }
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = start;
    const match = pattern.exec(sql);
    if (match) return { kind, text: match[0] };
  }
  throw new Error('The last rule takes every character.');
}

/** The tokens of a text of SQL; joined, they are that text. It tells quoted from bare, and judges no grammar. */
export function tokenizeSql(sql: string, reading: SqlReading): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, reading, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}
