import { expect, test } from 'vitest';
import { failureOf } from '../../src/data-sources/process/failure.ts';
import { QueryError } from '../../src/data-sources/query-error.ts';

const json = (type: string, message: string) =>
  JSON.stringify({ exception_type: type, exception_message: message });

test.each([
  new Error('std::bad_alloc'),
  new Error('Out of Memory Error: failed to allocate data of size 16.0 MiB'),
  new Error(
    json('Out of Memory', 'failed to allocate data of size 16.0 MiB (255 MiB/256 MiB used)'),
  ),
  new Error(`Failed to append: ${json('Out of Memory', 'could not allocate block')}`),
  new Error(`${json('Out of Memory', 'could not allocate block')} and then some`),
  new Error(json('Out of Memory', 'could not allocate block').slice(0, -9)),
  new QueryError({ code: 'sql_error', message: json('Out of Memory', 'no more') }),
  new QueryError({ code: 'sql_error', message: json('', 'std::bad_alloc') }),
  new QueryError({ code: 'sql_error', message: 'out of memory' }),
  new QueryError({ code: 'sql_error', message: 'std::bad_alloc' }),
  new RangeError('Array buffer allocation failed'),
])('a lack of memory is said in words, whichever engine met it: %s', (error) => {
  const { code, message } = failureOf(error);
  expect(code).toBe('memory_limit');
  expect(message).toMatch(/^The query needs more memory than /);
  expect(message).not.toMatch(/bad_alloc|exception_type/);
});

test('what is about something else keeps the words of its engine', () => {
  const error = new Error(json('Binder', 'Referenced column "memory" not found'));
  expect(failureOf(error)).toMatchObject({
    code: 'sql_error',
    message: 'Binder Error: Referenced column "memory" not found',
  });
  const own = new QueryError({ code: 'sql_error', message: 'my function: out of memory, says I' });
  expect(failureOf(own)).toMatchObject({ code: 'sql_error', message: own.message });
});
