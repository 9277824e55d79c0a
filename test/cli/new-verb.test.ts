import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangedSource, sourceWith } from '../support/changed-source.ts';

/** What a new verb needs: its declaration, its command, and a row in the index. */
const FILES: { readonly [path: string]: string } = {
  'cli/verbs/greet.ts': `import type { Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'greet',
  group: 'other',
  usage: 'greet [flags] FILE',
  summary: 'greet somebody',
  examples: ['sotto greet --name you file'],
  flags: [
    { name: 'name', short: 'n', kind: 'text', value: 'NAME', values: ['you', 'all'], help: 'who is greeted' },
    { name: 'loudly', kind: 'boolean', help: 'with an exclamation mark', variable: 'GREET_LOUDLY' },
  ],
  json: '{text}',
  exits: '7 where nobody answers.',
  run: async ({ flags, positionals: [file] }) => {
    const { greet } = await import('../../commands/greet.ts');
    const text = greet({ name: flags.text('name'), file, loudly: flags.boolean('loudly') });
    return { stdout: text + '\\n', report: { text } };
  },
};
`,
  'commands/greet.ts': `export function greet({ name, file, loudly }): string {
  return 'hello ' + name + ' of ' + file + (loudly ? '!' : '');
}
`,
};
const INDEX = 'cli/verbs/index.ts';
const ROW = `  greet: () => import('./greet.ts'),\n`;

let source: ChangedSource;
beforeAll(async () => {
  source = await sourceWith({ files: FILES, index: INDEX, rows: [{ row: ROW, before: '  keygen: ' }] });
}, 60_000);
afterAll(() => source.end());
const sotto: ChangedSource['sotto'] = (...args) => source.sotto(...args);

test('a new verb is a declaration, a command and a row', () => {
  expect(source.touched).toEqual([INDEX, ...Object.keys(FILES)].sort());
});

test('it runs, with flags in all of their spellings', async () => {
  const plain = { exit: 0, stdout: 'hello you of file\n', stderr: '' };
  expect(await sotto('greet', '--name', 'you', 'file')).toEqual(plain);
  expect(await sotto('greet', 'file', '-n=you', '-loudly=false')).toEqual(plain);
  expect(await sotto('greet', '--json', '-n', 'you', '--loudly', 'file')).toEqual({
    ...plain,
    stdout: '{"text":"hello you of file!"}\n',
  });
});

test('what is misspelt in it is suggested', async () => {
  expect((await sotto('gret', 'file')).stderr).toContain('did you mean: sotto greet');
  expect((await sotto('greet', '--loudy', 'file')).stderr).toContain(
    'did you mean --loudly? See "sotto greet --help"',
  );
  expect((await sotto('greet', '--name', 'yuo', 'file')).stderr).toContain('fix: did you mean you?');
});

test('help has it, on the program and on itself', async () => {
  expect((await sotto('--help')).stdout).toMatch(/^Other:\n {2}greet +greet somebody$/m);
  const { stdout } = await sotto('help', 'greet');
  expect(stdout).toMatch(/^Usage: sotto greet \[flags\] FILE$/m);
  expect(stdout).toMatch(/^ {2}-n, --name NAME +who is greeted$/m);
  expect(stdout).toMatch(/^ {6}--loudly +with an exclamation mark \[\$GREET_LOUDLY\]$/m);
  expect(stdout).toMatch(/^ {6}--json /m);
});

test('completion has it, with its flags and their values', async () => {
  const words = async (...line: readonly string[]) => {
    const { stdout } = await sotto('completion', '--words', '--', 'zsh', ...line);
    return stdout
      .split('\n')
      .slice(1)
      .map((text) => text.replace(/\t.*/, ''));
  };
  expect(await words('gr')).toContain('greet');
  expect(await words('greet', '--')).toEqual(['--name', '--loudly', '--json', '--help', '']);
  expect(await words('greet', '--name', '')).toEqual(['you', 'all', '']);
  expect((await sotto('greet', '--na', '--generate-bash-completion')).stdout).toBe('--name\n');
});

test('the manual has it', async () => {
  const { manPages } =
    await source.load<typeof import('../../src/cli/manual/man-pages.ts')>('cli/manual/man-pages.ts');
  const { allVerbs } = await source.load<typeof import('../../src/cli/verbs/index.ts')>(INDEX);
  const pages = manPages(await allVerbs(), '2026-01-31');
  expect(pages.get('sotto.1')).toContain('.TP\n\\fBgreet\\fR\n');
  expect(pages.get('sotto-greet.1')).toContain('With \\-\\-json: {text}.');
  expect(pages.get('sotto-greet.1')).toContain('7 where nobody answers.');
});
