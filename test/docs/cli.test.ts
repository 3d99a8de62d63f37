import type { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { flagOf, type OptionName, options } from '../../src/config.ts';
import {
  listDocuments,
  readDocument,
  samplesOf,
  sectionOf,
  tableOf,
} from '../support/documents.ts';

type Named = { path: string; command: Command };

/** The commands that do something, by what is typed. */
function namedCommands(command: Command, path: string): Named[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((one) => namedCommands(one, `${path} ${one.name()}`));
}

const program = createProgram();
const named = namedCommands(program, 'rollcall');
const text = readDocument('docs/cli.md');

test('the document on the command line has every command, and no other', () => {
  const headings = [...text.matchAll(/^### `(rollcall .*)`$/gm)].map(([, path]) => path);
  expect(headings.toSorted()).toEqual(named.map(({ path }) => path).toSorted());
});

/** The flags that come from the configuration, where they are explained. */
const configured = new Set((Object.keys(options) as OptionName[]).map(flagOf));
const isConfigured = ({ long }: Option) => configured.has(String(long));

describe.each(named)('$path', ({ path, command }) => {
  const section = sectionOf(text, `### \`${path}\``);

  test('is described as its help describes it', () => {
    const [first = ''] = section.trim().split('\n\n');
    expect(first.replaceAll('\n', ' ')).toBe(command.description());
  });

  test('has every argument and flag, and no other', () => {
    expect(tableOf(section)).toEqual([
      ...command.registeredArguments.map((argument) =>
        argument.required
          ? [`<${argument.name()}>`, 'yes', argument.description]
          : [`[${argument.name()}]`, 'no', argument.description],
      ),
      ...command.options
        .filter((option) => !isConfigured(option))
        .map((option) => [option.flags, option.mandatory ? 'yes' : 'no', meaningOf(option)]),
    ]);
    const [, listed = ''] =
      /^Flags of the \[configuration\]\(.*?\): ([^.]*)\./m.exec(section) ?? [];
    expect([...listed.matchAll(/`(.*?)`/g)].map(([, flag]) => flag)).toEqual(
      command.options.filter(isConfigured).map(({ long }) => long),
    );
  });
});

function meaningOf({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? ` One of: ${argChoices.join(', ')}.` : '';
  const otherwise = defaultValue === undefined ? '' : ` By default ${defaultValue}.`;
  return `${description}${choices}${otherwise}`;
}

/** What samples in a document call: the words after `rollcall`, up to a pipe or a redirection. */
function callsIn(path: string): string[][] {
  return samplesOf(readDocument(path), 'sh')
    .flatMap((sample) => sample.replaceAll('\\\n', ' ').split('\n'))
    .flatMap(
      (line) =>
        /(?:^|\s)(?:npm run -s rollcall --|rollcall|rollcall-command) (.+)$/.exec(line)?.[1] ?? [],
    )
    .filter((call) => !call.endsWith('"$@"')) // of a script that hands on what it is called with
    .map((call) => (call.split(/ [|>#&]/)[0] as string).split(/\s+/));
}

describe.each(listDocuments())('%s', (path) => {
  test('calls only commands and flags that there are', () => {
    for (const words of callsIn(path)) {
      let command = program;
      for (const word of words) {
        const next = command.commands.find((one) => one.name() === word);
        if (next === undefined) break;
        command = next;
      }
      expect(command.commands, `rollcall ${words.join(' ')}`).toEqual([]);
      const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
      const known = ['--help', ...command.options.map(({ long }) => long)];
      for (const flag of flags) expect(known, `rollcall ${words.join(' ')}`).toContain(flag);
    }
  });
});
