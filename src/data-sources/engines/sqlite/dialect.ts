import { type Dialect, plainDialect } from '../../../sql-templates/dialect.ts';
import { tokenRules, tokens } from '../../../sql-templates/sql-tokens.ts';

export const sqliteDialect: Dialect = {
  ...plainDialect,
  reading: {
    rules: tokenRules(
      ['comment', /--[^\n]*/y],
      tokens.flatComment,
      tokens.doubled,
      tokens.quotedName,
      ['identifier', /\[[^\]]*\]/y],
      ['unclosed', /\[[^\]]*/y],
      ['parameter', /\?\d*|[:@$]\w+/y],
    ),
    nestsComments: false,
  },
  placeholders: 'in turn',
  toDriver: (value) => (typeof value === 'boolean' ? Number(value) : value), // it has 1 and 0 for truth
  literalTypes: new Map(),
};
