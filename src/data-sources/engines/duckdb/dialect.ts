import { type Dialect, literalTypes, plainDialect } from '../../../sql-templates/dialect.ts';
import { postgresLiterals, tokenRules, tokens } from '../../../sql-templates/sql-tokens.ts';

export const duckdbDialect: Dialect = {
  ...plainDialect,
  reading: {
    rules: tokenRules(tokens.lineComment, ...postgresLiterals, tokens.quotedName, [
      'parameter',
      /\?\d*|\$\w+/y,
    ]),
    nestsComments: true,
  },
  placeholders: 'numbered',
  literalTypes: literalTypes('date', 'time', 'timestamp', 'timestamptz', 'interval'),
  bindsIntervals: true,
};
