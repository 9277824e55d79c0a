import type { Readable } from 'node:stream';
import { streams } from './builtins.ts';
import type { OutputSink } from './io.ts';
import { makePipe } from './pipe.ts';

/** Milliseconds without output that are a pause. */
const PAUSE = 20;

/** One of the streams on which a program prints. */
export interface Output {
  /** For `spawn`. */
  readonly stdio: 'inherit' | 'pipe' | number;
  /** The program runs. @param own the stream that Node made for it, if it did */
  start(own: unknown): void;
  /** Nobody holds the other end any more. */
  readonly done: Promise<void>;
  close(): void;
}

/** Where what a program prints goes: to the stream of this process, or to a sink in its place. */
export function openOutput(sink: OutputSink | undefined): Output {
  if (sink === undefined)
    return { stdio: 'inherit', start: () => undefined, done: Promise.resolve(), close: () => undefined };
  const pipe = makePipe();
  const { promise, accept } = waiting();
  let reader: Readable | undefined = pipe?.reader;
  return {
    stdio: pipe?.writer ?? 'pipe',
    start: (own) => {
      pipe?.closeWriter();
      reader ??= own instanceof streams().Readable ? own : undefined;
      if (reader !== undefined) pour(reader, sink, accept);
    },
    done: promise,
    close: () => reader?.destroy(),
  };
}

function waiting(): { promise: Promise<void>; accept: () => void } {
  let accept = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    accept = resolve;
  });
  return { promise, accept };
}

function pour(reader: Readable, sink: OutputSink, done: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  reader.on('data', (bytes: Buffer) => {
    clearTimeout(timer);
    // The program is told, as if it had the other end of the pipe itself.
    if (!sink.write(bytes)) reader.destroy();
    else timer = setTimeout(() => sink.pause(), PAUSE);
  });
  reader.on('error', () => reader.destroy());
  reader.on('close', () => {
    clearTimeout(timer);
    sink.end();
    done();
  });
}
