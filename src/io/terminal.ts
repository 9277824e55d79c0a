import { constants, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { terminals } from './builtins.ts';
import { bunReader } from './bun.ts';
import { runSystemProgram } from './system-program.ts';

const DEVICE = '/dev/tty';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
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
export async function askSecret(question: string): Promise<string | undefined> {
  return onTerminal(async ({ input, setRawMode, print }) => {
    setRawMode(true);
    try {
      // Not before: what is typed at once would show.
      print(question);
      return await readLine(input);
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
    return readLine(input, signal);
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

function readLine(input: Readable, signal?: AbortSignal): Promise<string | undefined> {
  return new Promise((accept) => {
    let line = '';
    const finish = (answer: string | undefined): void => {
      input.off('data', take);
      input.off('end', stop);
      signal?.removeEventListener('abort', stop);
      accept(answer);
    };
    const stop = (): void => finish(undefined);
    const take = (bytes: Buffer): void => {
      for (const char of bytes.toString('utf8')) {
        if (char === '\r' || char === '\n') return finish(line);
        if (char === CTRL_C || (char === CTRL_D && line === '')) return stop();
        line = BACKSPACES.has(char) ? [...line].slice(0, -1).join('') : line + char;
      }
    };
    input.on('data', take);
    input.on('end', stop);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
  });
}
