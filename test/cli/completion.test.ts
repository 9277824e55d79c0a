import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/cli/completion/answer.ts';
import { SHELLS, type Shell } from '../../src/cli/completion/scripts.ts';
import { completeFor } from '../../src/cli/completion/words.ts';
import { KEY_FLAGS } from '../../src/cli/flags/keys.ts';
import { verbHelp } from '../../src/cli/help.ts';
import { allVerbs } from '../../src/cli/verbs/index.ts';
import { FORMAT_NAMES } from '../../src/formats/index.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { spawnSync } from '../support/processes.ts';
import { type Session, startSession } from '../support/session.ts';
import { processEnvironment, RECIPIENTS, sessions, startWithFiles } from '../support/terminal.ts';

/** The words that can stand behind some, where the last one is being written. */
async function wordsAt(...line: readonly string[]): Promise<string[]> {
  return (await answer(line.slice(0, -1), line.at(-1) ?? '')).words.map(({ word }) => word);
}

/** What the shell completes by itself behind some words. */
async function othersAt(...line: readonly string[]): Promise<string> {
  return (await answer(line.slice(0, -1), line.at(-1) ?? '')).others;
}

/** Names at the beginning of the lines of a help text. */
function namesIn(help: string, pattern: RegExp): string[] {
  return [...help.matchAll(pattern)].flatMap(([, ...names]) => names.filter((name) => name !== undefined));
}

describe.each(await allVerbs())('completion of $name', (verb) => {
  const words = verb.name.split(' ');

  test('has the flags of its help', async () => {
    const inHelp = namesIn(await verbHelp(verb, false), /^ {2}(?:(-\w), | {4})(--[\w-]+)/gm);
    expect((await wordsAt(...words, '-')).sort()).toEqual(inHelp.sort());
  });

  test('completes its name', async () => {
    expect(await wordsAt(...words)).toContain(words.at(-1));
  });
});

test('a flag that was given is not offered again, unless it repeats', async () => {
  expect(await wordsAt('decrypt', '--in-place', '--in')).toEqual(['--input-type', '--indent']);
  expect(await wordsAt('decrypt', '-i', '--in-p')).toEqual([]);
  expect(await wordsAt('run', '-f', 'a.yaml', '--fi')).toEqual(['--file']);
});

test('values of flags are completed where they are known, in lists too', async () => {
  for (const flag of ['--input-type', '--output-type'])
    expect(await wordsAt('decrypt', flag, '')).toEqual(FORMAT_NAMES);
  expect(await wordsAt('decrypt', '--output-type=js')).toEqual(['--output-type=json', '--output-type=jsonc']);
  const kinds = KEY_FLAGS.map(({ kind }) => kind);
  expect(await wordsAt('decrypt', '--decryption-order', '')).toEqual(kinds);
  expect(await wordsAt('decrypt', '--decryption-order', 'age,p')).toEqual(['age,pgp']);
  expect(await wordsAt('decrypt', '--decryption-order=age,')).not.toContain('--decryption-order=age,age');
});

test('names of files are left to the shell, where there can be one', async () => {
  for (const line of [
    ['s'],
    ['-d', 's'],
    ['encrypt', 's'],
    ['set', 's'],
    ['decrypt', '--output', 's'],
    ['decrypt', '--output=s'],
    ['encrypt', '--onto', ''],
    ['run', '-f', 's'],
    ['groups', 'add', '-f', 's'],
    ['--', 's'],
  ])
    expect({ line, others: await othersAt(...line) }).toEqual({ line, others: 'files' });
  for (const line of [
    ['encrypt', '--age', ''],
    ['keygen', ''],
    ['completion', 'x'],
    ['help', ''],
    ['encrypt', '-'],
  ])
    expect({ line, others: await othersAt(...line) }).toEqual({ line, others: 'nothing' });
});

test('topics of help, shells and codes are completed', async () => {
  expect(await wordsAt('help', 'enc')).toEqual(['encrypt']);
  expect(await wordsAt('help', 'encrypt', '')).toEqual([]);
  expect(await wordsAt('completion', '')).toEqual(SHELLS);
  expect(await wordsAt('explain', 'mac')).toEqual(['mac-mismatch']);
});

test('the command of run is the shell’s, from its first word on', async () => {
  expect(await answer(['run', '-f', 's.yaml', '--'], 'l')).toEqual({
    others: 'command',
    start: 4,
    words: [],
  });
  expect(await answer(['run', '-f', 's.yaml', '--', 'ls', '--in'], '-')).toMatchObject({ start: 4 });
  expect(await answer(['run', '-f', 's.yaml', 'ls'], '-')).toMatchObject({ others: 'command', start: 3 });
  // bash counts the three words that it makes of one.
  expect(await completeFor('bash', ['run', '--prefix', '=', 'A', '--', 'ls', ''])).toBe('command 5\n');
  expect(await completeFor('zsh', ['run', '--prefix=A', '--', 'ls', ''])).toBe('command 3\n');
});

sessions({
  'the scripts of sops are answered, under both names': `
    $ sops --generate-bash-completion | grep -cxE 'decrypt|encrypt|exec-env|exec-file|filestatus|groups|updatekeys|rotate|edit|set|unset|completion|help|h'
    > 14
    $ sops groups --generate-bash-completion
    > add
    > delete
    > help
    > h
    $ sotto groups a --generate-bash-completion
    $ sotto encrypt --in --generate-bash-completion
    > --in-place
    > --input-type
    > --indent
    $ sops groups add -i - --generate-bash-completion | grep -xE -- '-[a-z]|--in-place'
    > -f
    > -h
    $ sops -- --generate-bash-completion | grep -x -- '-d'
    ? 1
    $ sops decrypt --output --generate-bash-completion
    > --output-type
    $ sops decrypt --output-type --generate-bash-completion | head -1
    > yaml
    $ sops encrypt secret.yaml --generate-bash-completion
    $ sops nonsense --bogus x --generate-bash-completion | head -1
    > keygen
    $ _CLI_ZSH_AUTOCOMPLETE_HACK=1 sops --generate-bash-completion
    > keygen:make an age identity, and print its recipient
    > …
  `,
  'nothing is run for the sake of completion': `
    $ sotto run -f secret.yaml -- touch ran --generate-bash-completion
    $ test -e ran
    ? 1
  `,
  'a shell is needed, and suggested': `
    $ sotto completion | head -3
    > Print a script that completes command lines in a shell.
    >
    > Usage: sotto completion bash|zsh|fish|pwsh
    $ sotto completion fsh
    ! there is no "sotto completion fsh"
    ! fix: did you mean "sotto completion fish"?
    ? 3
    $ sotto completion powershell
    ! there is no "sotto completion powershell"
    ! fix: behind "sotto completion" there can be: bash, zsh, fish, pwsh
    ? 3
    $ sops completion nonsense
    !! No help topic for 'nonsense'
    ? 3
  `,
  'the script is for the name under which the program was called': `
    $ sotto completion bash | tail -1
    > complete -o bashdefault -o default -F _sotto sotto
    $ sops completion zsh | head -1
    > #compdef sops
  `,
});

let session: Session;
beforeAll(async () => {
  session = startSession();
  const other = await startWithFiles();
  session.write('secret.yaml', other.read('secret.yaml'));
  other.end();
});
afterAll(() => session.end());

/** How a line is completed in each shell: a program for it that prints what it offers. */
const COMPLETING: { readonly [shell in Shell]: (program: string, line: readonly string[]) => string[] } = {
  bash: (program, line) => [
    'bash',
    '--norc',
    '-c',
    `source <(${program} completion bash)
     COMP_WORDS=(${[program, ...line].map(quoted).join(' ')}); COMP_CWORD=${line.length}
     _${program}; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (program, line) => [
    'zsh',
    '-f',
    '-c',
    `compdef() { :; }; _files() { print files; }; _normal() { print $words[CURRENT]; }
     _describe() { print -l -- \${\${(P)@[-1]}%%:*}; }
     source <(${program} completion zsh)
     words=(${[program, ...line].map(quoted).join(' ')}); CURRENT=${line.length + 1}
     _${program}`,
  ],
  fish: (program, line) => [
    'fish',
    '--no-config',
    '-c',
    `${program} completion fish | source; complete -C ${quoted([program, ...line].join(' '))}`,
  ],
  pwsh: (program, line) => [
    'pwsh',
    '-NoProfile',
    '-Command',
    `${program} completion pwsh | Out-String | Invoke-Expression
     (TabExpansion2 ${quoted([program, ...line].join(' '))}).CompletionMatches.CompletionText`,
  ],
};

function quoted(word: string): string {
  return `'${word}'`;
}

describe.each(SHELLS)('the script for %s', (shell) => {
  const isThere = spawnSync(shell, ['--version']).error === undefined;
  if (!isThere) console.info(`cli/completion: skipped: ${shell} is not here`);

  /** Words that are offered, without what they are for. */
  const offered = (program: string, ...line: readonly string[]): string[] => {
    const [name = '', ...args] = COMPLETING[shell](program, line);
    const { stdout, stderr, status } = spawnSync(name, args, {
      cwd: session.folder,
      env: processEnvironment(session.folder),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.split('\n').flatMap((text) => (text === '' ? [] : [text.replace(/\t.*|^\.[/\\]/g, '')]));
  };

  test.skipIf(!isThere).each(['sotto', 'sops'])('completes %s', (program) => {
    expect(offered(program, 'enc')).toEqual(['encrypt']);
    expect(offered(program, 'groups', '')).toEqual(['add', 'delete']);
    expect(offered(program, 'groups', 'add', '--in-')).toEqual(['--in-place']);
    expect(offered(program, 'decrypt', '--input-type', 'y')).toEqual(['yaml']);
    expect(offered(program, 'decrypt', '--decryption-order', 'age,p')).toEqual(['age,pgp']);
  });

  test.skipIf(!isThere)('completes values behind an equals sign', () => {
    const line = shell === 'bash' ? ['decrypt', '--input-type', '=', 'y'] : ['decrypt', '--input-type=y'];
    expect(offered('sotto', ...line)).toEqual([shell === 'bash' ? 'yaml' : '--input-type=yaml']);
  });

  test.skipIf(!isThere)('leaves files to the shell', () => {
    // bash does so where there are no words.
    const files = { bash: [], zsh: ['files'], fish: ['secret.yaml'], pwsh: ['secret.yaml'] }[shell];
    expect(offered('sotto', 'decrypt', 'sec')).toEqual(files);
    expect(offered('sotto', 'decrypt', '--output', 'sec')).toEqual(files);
  });

  test.skipIf(!isThere || shell === 'pwsh')('leaves the command of run to the shell', () => {
    const found = offered('sotto', 'run', '-f', 'secret.yaml', '--', 'bas');
    expect(found).toContain(shell === 'zsh' ? 'bas' : 'bash');
  });

  test.skipIf(!isThere)('completes paths inside the file, and needs no key', () => {
    const hosts = ['database.hosts', 'database.hosts[0]', 'database.hosts[1]'];
    const typed = shell === 'bash' ? hosts.map((path) => path.replace(/[[\]]/g, '\\$&')) : hosts;
    for (const line of [
      ['set', 'secret.yaml', 'database.h'],
      ['unset', 'secret.yaml', 'database.h'],
      ['decrypt', 'secret.yaml', '--extract', 'database.h'],
    ]) {
      expect(offered('sotto', ...line)).toEqual(typed);
      expect(offered('sops', ...line)).toEqual([]);
    }
    expect(offered('sotto', 'set', 'secret.yaml', 'na')).toEqual(['name']);
  });
});

describe('paths inside a file', () => {
  const complete = (shell: Shell, ...line: string[]): Promise<string> =>
    completeFor(shell, line, nodeIo({ HOME: session.folder }, session.folder));

  test('bash puts a backslash in front of what it would take otherwise, and leaves what is in quotes', async () => {
    session.write('odd.json', '{"a b": 1, "$(touch x)": 2, "it\'s": 3, "k": [1]}');
    await session.sotto(['encrypt', '-i', '--age', RECIPIENTS['ALICE'] ?? '', 'odd.json']);
    const words = async (current: string): Promise<string[]> =>
      (await complete('bash', 'set', 'odd.json', current))
        .split('\n')
        .map((line) => line.replace(/\t.*/, ''));
    expect(await words('')).toEqual([
      'nothing',
      '\\[\\"a\\ b\\"\\]',
      '\\[\\"\\$\\(touch\\ x\\)\\"\\]',
      '\\[\\"it\\\'s\\"\\]',
      'k',
      'k\\[0\\]',
      '',
    ]);
    expect(await words("'[")).toEqual(['nothing', '["a b"]', '["$(touch x)"]', '']);
    expect(await words('k\\[')).toEqual(['nothing', 'k\\[0\\]', '']);
  });

  test('of a file that can not be read, or is none, there are none', async () => {
    for (const file of ['plain.yaml', 'missing.yaml', '.'])
      expect(await complete('zsh', 'set', file, '')).toBe('nothing\n');
  });

  test('say what is there, and show nothing that a terminal would obey', async () => {
    session.write('hostile.json', '{"a\\u001b[2J\\nb": 1, "m": {"x": []}}');
    await session.sotto(['encrypt', '-i', '--age', RECIPIENTS['ALICE'] ?? '', 'hostile.json']);
    expect(await complete('zsh', 'unset', 'hostile.json', '')).toBe(
      'nothing\n.["a\\u001b[2J\\nb"]\ta value\nm\ta mapping\nm.x\ta list\n',
    );
  });
});
