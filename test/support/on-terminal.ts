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

/**
 * Run a line for sh on a terminal of its own, where somebody types.
 *
 * @param answers each typed when one more question stands at the end of what is shown, with a colon and a blank
 */
export function onTerminal(
  line: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  answers: readonly string[] = [],
): Promise<Seen> {
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: folder, env: environment });
  const left = [...answers];
  let text = '';
  let unanswered = '';
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    unanswered += bytes.toString();
    if (!unanswered.endsWith(': ')) return;
    const answer = left.shift();
    if (answer === undefined) return;
    unanswered = '';
    child.stdin.write(`${answer}\r`);
  });
  return new Promise((accept) => {
    child.on('close', (exit) => accept({ exit, text: text.replaceAll('\r\n', '\n') }));
  });
}
