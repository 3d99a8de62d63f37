import { type Dialect, literalTypes, plainDialect } from '../../../sql-templates/dialect.ts';
import { tokenRules, tokens } from '../../../sql-templates/sql-tokens.ts';

/** MariaDB reads SQL as MySQL does. */
export const mysqlDialect: Dialect = {
  ...plainDialect,
  reading: {
    rules: tokenRules(
      ['comment', /(?:--(?=\s|$)|#)[^\n]*/y],
      tokens.flatComment,
      ['literal', /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y],
      ['literal', /"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*"/y],
      ['parameter', /\?/y],
    ),
    nestsComments: false,
  },
  placeholders: 'in turn',
  backslashEscapes: true,
  concatenate: (operands) => `concat(${operands.join(', ')})`,
  literalTypes: literalTypes('date', 'time').set('timestamp', 'DATETIME'),
};
