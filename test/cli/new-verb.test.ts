import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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

let folder: string;
/** Runs a command line of the program with the new verb. */
let sotto: (...args: readonly string[]) => Promise<{ exit: number; stdout: string; stderr: string }>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-verb-'));
  cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, 'src', path), text);
  const index = join(folder, 'src', INDEX);
  writeFileSync(index, readFileSync(index, 'utf8').replace('  keygen: ', `${ROW}  keygen: `));
  const { run }: typeof import('../../src/cli/run.ts') = await load('cli/run.ts');
  const { nodeIo }: typeof import('../../src/io/node-io.ts') = await load('io/node-io.ts');
  sotto = async (...args) => {
    const seen = { stdout: '', stderr: '' };
    const exit = await run(args, {
      ...nodeIo({}, folder),
      isTerminal: false,
      hasColour: false,
      print: (bytes) => {
        seen.stdout += Buffer.from(bytes).toString();
      },
      complain: (text) => {
        seen.stderr += text;
      },
    });
    return { exit, ...seen };
  };
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A module of the copy. */
function load(path: string) {
  return import(join(folder, 'src', path));
}

/** The files of a folder, with what is in them. */
function filesBelow(path: string): Map<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(names.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

test('a new verb is a declaration, a command and a row', () => {
  const before = filesBelow(join(ROOT, 'src'));
  const touched = [...filesBelow(join(folder, 'src'))].filter(([name, text]) => before.get(name) !== text);
  expect(touched.map(([name]) => name).sort()).toEqual([INDEX, ...Object.keys(FILES)].sort());
  expect(touched.find(([name]) => name === INDEX)?.[1].replace(ROW, '')).toBe(before.get(INDEX));
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
  expect((await sotto('gret', 'file')).stderr).toContain('did you mean "sotto greet"?');
  expect((await sotto('greet', '--loudy', 'file')).stderr).toContain(
    'did you mean --loudly? See "sotto greet --help"',
  );
  expect((await sotto('greet', '--name', 'yuo', 'file')).stderr).toContain('hint: did you mean you?');
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
  const { manPages }: typeof import('../../src/cli/manual/man-pages.ts') =
    await load('cli/manual/man-pages.ts');
  const { allVerbs }: typeof import('../../src/cli/verbs/index.ts') = await load(INDEX);
  const pages = manPages(await allVerbs(), '2026-01-31');
  expect(pages.get('sotto.1')).toContain('.TP\n\\fBgreet\\fR\n');
  expect(pages.get('sotto-greet.1')).toContain('With \\-\\-json: {text}.');
  expect(pages.get('sotto-greet.1')).toContain('7 where nobody answers.');
});
