import { constants, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Extent } from '../keys/host.ts';
import { terminals } from './builtins.ts';
import { bunReader } from './bun.ts';
import { runSystemProgram } from './system-program.ts';

const DEVICE = '/dev/tty';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
/** Takes back the line, as in any prompt of a terminal. */
const CTRL_U = '\u0015';
const BACKSPACES: ReadonlySet<string> = new Set(['\b', '\u007f']);

/** The path of this process's terminal, such as `/dev/pts/1`; `undefined` if none of its streams is one. */
export function terminalName(): string | undefined {
  const stream = [process.stdin, process.stderr, process.stdout].find(({ isTTY }) => isTTY === true);
  if (stream === undefined || process.platform === 'win32') return undefined;
  // The program `tty` names the terminal that is its stdin; node has no such function.
  const name = runSystemProgram('tty', [], [stream.fd, 'pipe', 'ignore'])?.trim();
  return name?.startsWith('/') === true ? name : undefined;
}

/**
 * Ask for what must not be seen, on the terminal itself, so that stdin may be a file: nothing that is typed shows.
 *
 * @returns `undefined` where there is no terminal, and for Ctrl+C and Ctrl+D
 */
export async function askSecret(question: string, extent?: Extent): Promise<string | undefined> {
  return onTerminal(async ({ input, setRawMode, print }) => {
    setRawMode(true);
    try {
      // Not before: what is typed at once would show.
      print(question);
      return await readAnswer(input, { extent });
    } finally {
      setRawMode(false);
      print('\n');
    }
  });
}

/**
 * Ask for what may be seen, on the terminal itself, so that stdin may be a file.
 *
 * @param signal takes the question back
 * @returns `undefined` where there is no terminal, for Ctrl+D, and when the signal comes
 */
export async function askOpenly(question: string, signal?: AbortSignal): Promise<string | undefined> {
  return onTerminal(({ input, print }) => {
    print(question);
    return readAnswer(input, { signal });
  });
}

async function onTerminal(
  read: (terminal: Terminal) => Promise<string | undefined>,
): Promise<string | undefined> {
  const terminal = openTerminal();
  if (terminal === undefined) return undefined;
  try {
    return await read(terminal);
  } finally {
    terminal.close();
  }
}

interface Terminal {
  readonly input: Readable;
  setRawMode(isRaw: boolean): void;
  print(text: string): void;
  close(): void;
}

function openTerminal(): Terminal | undefined {
  if (process.platform === 'win32') {
    if (process.stdin.isTTY !== true) return undefined;
    const { stdin } = process;
    return {
      input: stdin,
      setRawMode: (isRaw) => stdin.setRawMode(isRaw),
      print: (text) => process.stderr.write(text),
      close: () => stdin.pause(),
    };
  }
  try {
    const { ReadStream, WriteStream } = terminals();
    const file = openSync(DEVICE, constants.O_RDWR | constants.O_NONBLOCK);
    const terminal = new ReadStream(file);
    const input = bunReader(file) ?? terminal;
    const output = new WriteStream(openSync(DEVICE, 'w'));
    return {
      input,
      setRawMode: (isRaw) => terminal.setRawMode(isRaw),
      print: (text) => output.write(text),
      close: () => {
        input.destroy();
        output.destroy();
      },
    };
  } catch {
    return undefined;
  }
}

function readAnswer(
  input: Readable,
  {
    extent = 'line',
    signal,
  }: { readonly extent?: Extent | undefined; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  return new Promise((accept) => {
    /** Lines that are complete, with their breaks. */
    let lines = '';
    let line = '';
    let before = '';
    const finish = (answer: string | undefined): void => {
      input.off('data', take);
      input.off('end', stop);
      signal?.removeEventListener('abort', stop);
      accept(answer);
    };
    const stop = (): void => finish(undefined);
    const take = (bytes: Buffer): void => {
      const chars = [...bytes.toString('utf8')];
      for (const [at, char] of chars.entries()) {
        const isSecondOfBreak = char === '\n' && before === '\r';
        before = char;
        if (char === CTRL_C) return stop();
        if (char === CTRL_D && (extent === 'text' || line === ''))
          return lines + line === '' ? stop() : finish(lines + line);
        if (char !== '\r' && char !== '\n') line = typed(line, char);
        else if (extent !== 'text') {
          const more = chars.slice(at + 1).join('');
          return finish(extent === 'paste' && more.trim() !== '' ? `${line}\n${more}` : line);
        } else if (!isSecondOfBreak) {
          lines += `${line}\n`;
          line = '';
        }
      }
    };
    input.on('data', take);
    input.on('end', stop);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
  });
}

/** A line with what a key does to it. */
function typed(line: string, key: string): string {
  if (key === CTRL_U) return '';
  return BACKSPACES.has(key) ? [...line].slice(0, -1).join('') : line + key;
}
