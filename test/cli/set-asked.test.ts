import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer, onTerminal, SCRIPT_MISSING } from '../support/on-terminal.ts';
import type { Outcome, Session, World } from '../support/session.ts';
import { processEnvironment, startWithFiles } from '../support/terminal.ts';

let session: Session;
beforeEach(async () => {
  session = await startWithFiles();
});
afterEach(() => session.end());

const key = (): { readonly SOPS_AGE_KEY_FILE: string } => ({ SOPS_AGE_KEY_FILE: session.path('alice.key') });

/** Somebody at the terminal with some answers. */
function person(...answers: (string | undefined)[]): World & { readonly questions: string[] } {
  const questions: string[] = [];
  const askSecret = (question: string): string | undefined => {
    questions.push(question);
    return answers.shift();
  };
  return { questions, askSecret, isTerminal: true, terminal: '/dev/pts/9', environment: key() };
}

async function valueAt(path: string): Promise<string> {
  const { stdout } = await session.sotto(['decrypt', '--extract', path, 'secret.yaml'], {
    environment: key(),
  });
  return stdout;
}

const set = (world: World, ...words: string[]): Promise<Outcome> =>
  session.sotto(['set', 'secret.yaml', ...words], world);

describe('without a value', () => {
  test('it is asked for, twice, by the path that is meant', async () => {
    const asked = person('p w"\\', 'p w"\\');
    expect(await set(asked, '["database"]["password"]')).toEqual({
      exit: 0,
      stdout: '',
      stderr: expect.stringMatching(/^set .* in secret\.yaml, encrypted for /),
    });
    expect(asked.questions).toEqual(['Enter database.password: ', 'Enter database.password again: ']);
    expect(await valueAt('database.password')).toBe('p w"\\');
  });

  test.each([
    ['two answers that differ', ['one', 'two'], 'the two answers differ'],
    ['an empty answer', [''], 'no name was given'],
    ['Ctrl+C', [undefined], 'no name was given'],
    [
      'a paste of many lines',
      ['-----BEGIN\nabc'],
      'these are several lines, of which only the first would be taken',
    ],
    ['an arrow', ['pw\u001b[D'], 'a key was pressed that types nothing, such as an arrow'],
  ])('%s changes nothing', async (_, answers, message) => {
    const before = session.read('secret.yaml');
    const { exit, stderr } = await set(person(...answers), 'name');
    expect({ exit, said: stderr.split('\n')[0] }).toEqual({ exit: 1, said: `error: ${message}` });
    expect(stderr).toContain('\nfix: nothing was changed; ');
    expect(session.read('secret.yaml')).toBe(before);
  });

  test.each<[string, string[], World]>([
    ['a file that does not open', ['name'], { environment: { SOPS_AGE_KEY_FILE: 'none' } }],
    ['a path that is none', ['name['], {}],
    ['the place of the metadata', ['sops'], {}],
    ['a path and a value in one word', ['name=shop'], {}],
  ])('nobody is asked for %s', async (_, words, world) => {
    const asked = person('x', 'x');
    expect((await set({ ...asked, ...world }, ...words)).exit).not.toBe(0);
    expect(asked.questions).toEqual([]);
  });

  test('KEY=value is no path, and the value is not shown', async () => {
    expect(await set({ environment: key() }, 'API_KEY=hunter2')).toEqual({
      exit: 1,
      stdout: '',
      stderr: `error: a path and its value are two words, without = in between
fix: sotto set secret.yaml API_KEY asks for the value, which nobody else sees then
explain: sotto explain usage
`,
    });
  });

  test('and without a terminal it says how', async () => {
    expect(await set({ environment: key(), stdin: 'x\n' }, 'database.password')).toEqual({
      exit: 100,
      stdout: '',
      stderr: `error: there is no value, and no terminal to ask for it
fix: a text is read from stdin with --stdin: … | sotto set --stdin secret.yaml database.password
explain: sotto explain no-file
`,
    });
  });
});

test('a number that would lose digits is refused, and what it can be instead is said', async () => {
  const { exit, stderr } = await set({ environment: key() }, 'port', '12345678901234567890');
  expect({ exit, stderr }).toEqual({
    exit: 7,
    stderr: expect.stringMatching(
      /^error: the number has more digits than a number can hold\nfix: a text of digits has quotes in JSON; for a text as it is, "sotto set secret\.yaml port" asks for it, /,
    ),
  });
  expect((await set({ environment: key() }, 'port', '9223372036854775807')).exit).toBe(0);
  expect(await valueAt('port')).toBe('9223372036854775807\n');
});

test('--stdin at a terminal asks for lines, which do not show', async () => {
  const asked = person('-----BEGIN\nabc\n-----END\n');
  expect((await set(asked, '--stdin', 'name')).exit).toBe(0);
  expect(asked.questions).toEqual(['Type name, which does not show, and then Ctrl+D: ']);
  expect(await valueAt('name')).toBe('-----BEGIN\nabc\n-----END');
});

describe.skipIf(SCRIPT_MISSING !== undefined)('on a real terminal', () => {
  const typing = (line: string, answers: string[]): ReturnType<typeof onTerminal> => {
    mkdirSync(session.path('nobody'), { recursive: true });
    const environment = { ...processEnvironment(session.folder), ...key() };
    return onTerminal(line, session.folder, environment, answers.map(answer));
  };

  test('nothing of it shows', async () => {
    const { exit, text } = await typing('sotto set secret.yaml name', ['tiny\u0015geheim', 'geheim']);
    expect(exit).toBe(0);
    expect(text).toMatch(/^Enter name: \nEnter name again: \nset name in secret\.yaml/);
    expect(text).not.toMatch(/tiny|geheim/);
    expect(await valueAt('name')).toBe('geheim');
  });

  test('a paste of many lines is noticed at once', async () => {
    const { exit, text } = await typing('sotto set secret.yaml name', ['-----BEGIN\rabc']);
    expect(exit).toBe(1);
    expect(text).toContain('these are several lines, of which only the first would be taken');
    expect(text).not.toContain('BEGIN');
  });

  test('--stdin takes lines up to Ctrl+D', async () => {
    const { exit, text } = await typing('sotto set --stdin secret.yaml name', ['one\rtwo\u0004']);
    expect({ exit, text }).toEqual({ exit: 0, text: expect.not.stringMatching(/one|two/) });
    expect(await valueAt('name')).toBe('one\ntwo');
  });
});
