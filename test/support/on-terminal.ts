import { spawn } from 'node:child_process';
import { spawnSync } from './processes.ts';

/** Why nothing can be run on a terminal here: `script` of util-linux makes one. */
export const SCRIPT_MISSING: string | undefined =
  spawnSync('script', ['--version']).status === 0 ? undefined : 'skipped: script is not installed';

/** What was seen on a terminal, with LF. */
export interface Seen {
  readonly exit: number | null;
  readonly text: string;
}

/** What somebody types, when something shows that was not there at the last time. */
export interface Typed {
  readonly shown: RegExp;
  readonly keys: string;
}

/** An answer to a question, which ends in a colon and a blank. */
export function answer(text: string): Typed {
  return { shown: /: $/, keys: `${text}\r` };
}

/** Run a line for sh on a terminal of its own, where somebody types one thing after the other. */
export function onTerminal(
  line: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  typed: readonly Typed[] = [],
): Promise<Seen> {
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: folder, env: environment });
  const left = [...typed];
  let text = '';
  let unanswered = '';
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    unanswered += bytes.toString();
    const [next] = left;
    if (next === undefined || !next.shown.test(unanswered)) return;
    left.shift();
    unanswered = '';
    child.stdin.write(next.keys);
  });
  return new Promise((accept) => {
    child.on('close', (exit) => accept({ exit, text: text.replaceAll('\r\n', '\n') }));
  });
}
