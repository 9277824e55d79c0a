import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { splitWords } from '../../src/io/shell-words.ts';
import { spawnSync } from './processes.ts';
import { MAIN } from './program.ts';
import { type Session, surroundings } from './session.ts';

/** Somebody who types the commands of a page. */
export interface Typist {
  /** Where they are when the page begins; `cd` goes elsewhere. */
  readonly folder: string;
  readonly environment: { readonly [name: string]: string };
}

/** A command of a page, and what it shows. */
interface Step {
  /** Who types it, where several do: the word in front of the `$`. */
  readonly who: string;
  readonly line: string;
  /** What is typed when it asks. */
  readonly answers: readonly string[];
  readonly shown: string;
  /** Of the page, for messages. */
  readonly number: number;
}

/**
 * Play a page of the documentation: all its blocks of the kind `console`, in their order, word for word. So what a page
 * shows is what somebody sees who types it.
 *
 * A line that begins with `$ ` or `NAME$ ` is a command, for `sh`; a line that ends with a backslash goes on. What stands
 * below, up to the next command, is all that it shows, on stdout and stderr: `…` stands for any text in a line, and alone
 * in a line for any lines. An answer to a question stands behind it, as it was typed: `Write it? (y/n): y`. A command
 * that nothing stands below may show anything. One that shows `error:` in the beginning fails, all others succeed.
 * What readers need not see stands in a comment: `<!-- console`, the same in lines, `-->`.
 *
 * @param page from the top of the project, `docs/team.md`
 * @param people by the word in front of the `$`
 */
export async function playPage(
  page: string,
  session: Session,
  people: { readonly [name: string]: Typist },
): Promise<void> {
  const folders = new Map(Object.entries(people).map(([name, { folder }]) => [name, folder]));
  const steps = stepsOf(readFileSync(fileURLToPath(new URL(`../../${page}`, import.meta.url)), 'utf8'));
  for (const { who, line, answers, shown, number } of steps) {
    const typist = people[who];
    if (typist === undefined) throw new Error(`${page}:${number}: nobody is called "${who}"`);
    const folder = folders.get(who) ?? typist.folder;
    const [, target] = /^cd (\S+)$/.exec(line) ?? [];
    if (target !== undefined) {
      folders.set(who, resolve(folder, target));
      continue;
    }
    const seen = await typed(session, line, { ...typist, folder }, answers);
    const place = `${page}:${number}: ${line}`;
    expect({ place, fails: seen.exit !== 0 }, seen.texts.join('')).toEqual({
      place,
      fails: shown.startsWith('error:'),
    });
    if (shown === '') continue;
    // Which of both streams comes first, nobody sees at a terminal.
    const { texts } = seen;
    const orders = [texts, texts.toReversed()].map((all) => all.map(ended).join('').trimEnd());
    if (!orders.some((text) => looksLike(shown).test(text)))
      expect(`${place}\n${orders[0]}`).toBe(`${place}\n${shown}`);
  }
}

/** The commands of a page. */
export function stepsOf(text: string): Step[] {
  const steps: { -readonly [name in keyof Step]: Step[name] }[] = [];
  for (const block of text.matchAll(/^(?:```console\n([\s\S]*?)^```$|<!-- console\n([\s\S]*?)^-->$)/gm)) {
    let number = text.slice(0, block.index).split('\n').length;
    for (const line of (block[1] ?? block[2] ?? '').replace(/\\\n/g, '').split('\n')) {
      number += 1;
      const [, who = '', command] = /^(\w*)\$ (.*)$/.exec(line) ?? [];
      const step = steps.at(-1);
      if (command !== undefined) steps.push({ who, line: command.trim(), answers: [], shown: '', number });
      else if (step !== undefined && line.trim() !== '') {
        const [, question, answer] = /^(.*\(y\/n\): )(\S+)$/.exec(line) ?? [];
        if (answer !== undefined) step.answers = [...step.answers, answer];
        step.shown += `${question ?? line}\n`;
      }
    }
  }
  return steps.map((step) => ({ ...step, shown: step.shown.trimEnd() }));
}

async function typed(
  session: Session,
  line: string,
  { folder, environment }: Typist,
  answers: readonly string[],
): Promise<{ readonly exit: number; readonly texts: readonly string[] }> {
  const stdin = answers.map((answer) => `${answer}\n`).join('');
  const [program, ...args] = isPlain(line) ? splitWords(line) : [];
  if (program === 'sotto') {
    const { exit, stdout, stderr } = await session.sotto(args, {
      folder,
      environment,
      stdin,
      isTerminal: true,
    });
    return { exit, texts: [stdout, stderr] };
  }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
    cwd: folder,
    env: { ...surroundings(session.folder), ...environment, PATH: withProgram(session) },
    input: stdin,
    encoding: 'utf8',
  });
  return { exit: status ?? -1, texts: [stdout, stderr] };
}

/** Nothing in it takes a shell. */
function isPlain(line: string): boolean {
  return !/[|<>&;$`*?\\]/.test(line.replace(/'[^']*'/g, ''));
}

/** A PATH that has the program. */
function withProgram(session: Session): string {
  const bin = session.path('.bin');
  if (!existsSync(bin)) {
    mkdirSync(bin);
    chmodSync(MAIN, 0o755);
    symlinkSync(MAIN, join(bin, 'sotto'));
  }
  return `${bin}:${process.env['PATH']}`;
}

/** What is left to be seen of a text at a terminal, with its end of line. */
function ended(text: string): string {
  const left = text
    .replaceAll(/\u001b\[(?:\?7[lh]|\d*m)/g, '')
    .split('\n')
    .map((line) => line.split('\r\u001b[K').at(-1) ?? '')
    .join('\n');
  return left === '' || left.endsWith('\n') || left.endsWith(': ') ? left : `${left}\n`;
}

function looksLike(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => {
    if (line.trim() === '…') return '[^]*';
    return line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ +/g, ' +'))
      .join('.*');
  });
  // At a terminal the answer ends the line of its question.
  return new RegExp(`^${lines.join('\n').replaceAll('\\(y/n\\): +\n', '\\(y/n\\): *\n?')}$`);
}

/** Somebody with a home of their own, for git as well. */
export function typistAt(
  session: Session,
  name: string,
  environment: { readonly [name: string]: string } = {},
): Typist {
  const home = session.path(name.toLowerCase());
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const email = `${name.toLowerCase()}@example.org`;
  writeFileSync(
    join(home, '.gitconfig'),
    `[user]\n\tname = ${name}\n\temail = ${email}\n[init]\n\tdefaultBranch = main\n[pull]\n\trebase = false\n`,
  );
  return { folder: home, environment: { HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...environment } };
}
