import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { splitWords } from '../../src/io/shell-words.ts';
import { VECTORS } from './cases.ts';
import { spawnSync } from './processes.ts';
import { MAIN } from './program.ts';
import { type Outcome, type Session, startSession, surroundings } from './session.ts';

const key = (name: string): string => readFileSync(join(VECTORS, 'keys', `age-${name}.txt`), 'utf8');
const recipientOf = (name: string): string => /public key: (\S+)/.exec(key(name))?.[1] ?? '';

/** Recipients by the names that stand for them in scripts. */
export const RECIPIENTS: { readonly [name: string]: string } = {
  ALICE: recipientOf('alice'),
  BOB: recipientOf('bob'),
  CAROL: recipientOf('carol'),
};

/** The plain text of `plain.yaml` and `secret.yaml`. */
export const YAML = `# The shop
name: shop # inline
port: 8080
ratio: 1.50
on: true
nothing: null
host_unencrypted: db.internal
database:
  password: 's3cret'
  hosts: [one, two]
text: |
  first
  second
`;

/** The plain text of `plain.json` and `secret.json`. */
export const JSON_TEXT =
  '{\n  "name": "shop",\n  "port": 8080,\n  "database": {"hosts": ["one", "two"]}\n}\n';

/** A command of a script, and what is expected of it. */
interface Step {
  readonly line: string;
  readonly stdin: string[];
  readonly stdout: string[];
  readonly stderr: string[];
  /** There is no more on stderr than is expected. */
  isAll: boolean;
  exit: number;
}

/**
 * Tests that read like terminal sessions. Of each script line, the first sign says what it is:
 *
 * - `$` a command: sotto (or sops, the same under its other name) runs in this process; `NAME=value` in front sets a
 *   variable, `> FILE` behind takes its output. Anything else, pipes too, is a line for sh, where the sotto and sops of
 *   dist/ are in the PATH, as processes of their own
 * - `<` what the command reads, and the answers to its questions
 * - `>` a line that it prints; `>|` one without a line break
 * - `!` a line on stderr, without the `error: ` in front of errors; the first ones have to be there; `!!` the last one. Without any, there must be silence
 * - `?` the exit status, 0 if left out
 *
 * `…` in a line stands for any text, alone at the end for the rest of the output; but some text has to be expected. A session begins with
 * plain.yaml, plain.json, the encrypted secret.yaml and secret.json, and alice.key, which opens them, bob.key and
 * carol.key. $ALICE, $BOB and $CAROL are their recipients, $PWD is the folder. Tokens are shortened to their type.
 */
export function sessions(scripts: { readonly [name: string]: string }): void {
  let template: Session;
  beforeAll(async () => {
    template = await startWithFiles();
  });
  afterAll(() => template.end());
  for (const [name, script] of Object.entries(scripts)) {
    test(name, async () => {
      const session = startSession();
      try {
        cpSync(template.folder, session.folder, { recursive: true });
        await play(session, script);
      } finally {
        session.end();
      }
    });
  }
}

/** A session with the files that every script begins with. */
export async function startWithFiles(): Promise<Session> {
  const session = startSession();
  for (const name of ['alice', 'bob', 'carol']) session.write(`${name}.key`, key(name));
  session.write('plain.yaml', YAML);
  session.write('plain.json', JSON_TEXT);
  for (const type of ['yaml', 'json']) {
    const line = ['encrypt', '--age', RECIPIENTS['ALICE'] ?? '', `plain.${type}`];
    const { stdout, stderr } = await session.sotto(line);
    expect(stderr).toBe('');
    session.write(`secret.${type}`, stdout);
  }
  return session;
}

/** Play a script in a session whose files are there. */
export async function play(session: Session, script: string): Promise<void> {
  const expected: string[] = [];
  const actual: string[] = [];
  let folder = session.folder;
  for (const step of parse(script)) {
    const line = expand(step.line, session.folder);
    if (line.startsWith('cd ')) {
      folder = resolve(folder, line.slice(3));
      continue;
    }
    const outcome = await runLine(
      session,
      line,
      folder,
      expand(step.stdin.map((text) => `${text}\n`).join(''), session.folder),
    );
    expected.push(...render(step.line, step.stdout, step.stderr, step.exit));
    actual.push(...renderOutcome(step, outcome, session.folder));
  }
  expect(actual.join('\n')).toBe(expected.join('\n'));
}

function parse(script: string): Step[] {
  const steps: Step[] = [];
  for (const line of script.split('\n')) {
    const text = line.trimStart();
    if (text === '') continue;
    const sign = text.charAt(0);
    const rest = text.slice(2);
    const step = steps.at(-1);
    if (sign === '$') steps.push({ line: rest, stdin: [], stdout: [], stderr: [], isAll: false, exit: 0 });
    else if (step === undefined) throw new Error(`a script begins with a command: ${line}`);
    else if (sign === '<') step.stdin.push(rest);
    else if (sign === '>') step.stdout.push(text.startsWith('>|') ? `|${text.slice(3)}` : ` ${rest}`);
    else if (sign === '!') {
      step.isAll = text.startsWith('!!');
      step.stderr.push(step.isAll ? text.slice(3) : rest);
    } else if (sign === '?') step.exit = Number(rest);
    else throw new Error(`no line of a script: ${line}`);
  }
  const vague = steps.find(({ stderr }) => stderr.length > 0 && stderr.every((text) => text === '…'));
  if (vague !== undefined) throw new Error(`any error would do: ${vague.line}`);
  return steps;
}

function expand(text: string, folder: string): string {
  return text.replace(/\$(PWD|ALICE|BOB|CAROL)\b/g, (_, name: string) =>
    name === 'PWD' ? folder : (RECIPIENTS[name] ?? ''),
  );
}

/** The other way round: what differs from run to run gets a name. */
function shorten(text: string, folder: string): string {
  let short = text.replaceAll(folder, '$PWD').replace(/ENC\[AES256_GCM,[^\]]*type:(\w+)\]/g, 'ENC[$1]');
  for (const [name, recipient] of Object.entries(RECIPIENTS)) short = short.replaceAll(recipient, `$${name}`);
  return short;
}

/** Whether a line runs the program, and nothing that only a shell can do besides. */
function isPlain(line: string): boolean {
  const unquoted = line.replace(/'[^']*'|"[^"]*"/g, 'x');
  return /^(?:\w+=\S* )*(?:sotto|sops)(?: |$)/.test(unquoted) && !/[|<&;]|2>/.test(unquoted);
}

async function runLine(session: Session, line: string, folder: string, stdin: string): Promise<Outcome> {
  if (!isPlain(line)) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: folder,
      env: processEnvironment(session.folder),
      input: stdin,
      encoding: 'utf8',
    });
    return { exit: status ?? -1, stdout, stderr };
  }
  const [command = '', target] = line.split(/ > (?=\S+$)/);
  const words = splitWords(command);
  const start = words.findIndex((word) => word === 'sotto' || word === 'sops');
  const environment: { [name: string]: string } = { SOPS_AGE_KEY_FILE: session.path('alice.key') };
  for (const word of words.slice(0, start)) {
    const equals = word.indexOf('=');
    environment[word.slice(0, equals)] = word.slice(equals + 1);
  }
  const program = words[start] ?? 'sotto';
  const outcome = await session.sotto(words.slice(start + 1), { environment, stdin, folder, program });
  if (target === undefined) return outcome;
  writeFileSync(resolve(folder, target), outcome.stdout);
  return { ...outcome, stdout: '' };
}

/** What a real process finds: sotto and sops in the PATH, and alice's key. */
export function processEnvironment(folder: string): { [name: string]: string | undefined } {
  const bin = join(folder, '.bin');
  if (!existsSync(bin)) {
    mkdirSync(bin);
    chmodSync(MAIN, 0o755);
    for (const name of ['sotto', 'sops']) symlinkSync(MAIN, join(bin, name));
  }
  const { PATH, ...rest } = surroundings(folder);
  return { ...rest, PATH: `${bin}:${PATH}`, SOPS_AGE_KEY_FILE: join(folder, 'alice.key') };
}

function render(line: string, stdout: readonly string[], stderr: readonly string[], exit: number): string[] {
  return [
    `$ ${line}`,
    ...stdout.map((text) => (text.startsWith('|') ? `>| ${text.slice(1)}` : `>${text}`)),
    ...stderr.map((text) => `! ${text}`),
    ...(exit === 0 ? [] : [`? ${exit}`]),
  ];
}

/** What happened, in the words of the script where it is what the script says. */
function renderOutcome(step: Step, outcome: Outcome, folder: string): string[] {
  const stdout = linesOf(shorten(outcome.stdout, folder)).map((line, index, all) =>
    index === all.length - 1 && !outcome.stdout.endsWith('\n') ? `|${line}` : ` ${line}`,
  );
  const stderr = linesOf(shorten(outcome.stderr, folder)).map((line) => withoutPrefix(line, step.line));
  const wanted = step.isAll || step.stderr.length === 0 ? stderr : stderr.slice(0, step.stderr.length);
  return render(step.line, matching(step.stdout, stdout), matching(step.stderr, wanted), outcome.exit);
}

/** sops itself has such words in front of a few of its own. */
function withoutPrefix(line: string, command: string): string {
  return /(?:^|[ |;&(])sops /.test(command) ? line : line.replace(/^error: /, '');
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Whether a line has all parts between the `…`s of a pattern, in order, and its beginning. */
function isLike(line: string, pattern: string): boolean {
  const parts = pattern.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}

function matching(expected: readonly string[], actual: readonly string[]): string[] {
  if (expected.at(-1)?.trim() === '…') {
    const start = expected.slice(0, -1);
    return [...matching(start, actual.slice(0, start.length)), ...expected.slice(-1)];
  }
  return actual.map((line, index) => {
    const wanted = expected[index] ?? '';
    return wanted.includes('…') && isLike(line, wanted) ? wanted : line;
  });
}
