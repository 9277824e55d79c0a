import type { FileSettings, SinkSettings } from '../settings.ts';
import type { FarSink, Sink } from './sink.ts';

type FarSettings = Exclude<SinkSettings, FileSettings>;

/** Milliseconds for which a sink that was late is left alone: many files must not wait for it one after the other. */
const REST = 10_000;

/**
 * A sink that is no file: it is waited for as long as its settings say, and then, if it need not take records, left alone
 * for a while.
 *
 * @param folder the working folder
 */
export async function farSink(settings: FarSettings, folder: string): Promise<Sink> {
  const { timeout, isRequired } = settings;
  const sink = await sinkOf(settings, folder);
  let rest: { readonly end: number; readonly error: unknown } | undefined;
  return {
    name: sink.name,
    take: async (record) => {
      const started = performance.now();
      if (rest !== undefined && started < rest.end) throw rest.error;
      try {
        await inTime(timeout, (signal) => sink.take(record, signal));
      } catch (error) {
        const end = performance.now();
        if (!isRequired && end - started > timeout / 2) rest = { end: end + REST, error };
        throw error;
      }
    },
  };
}

async function sinkOf(settings: FarSettings, folder: string): Promise<FarSink> {
  switch (settings.kind) {
    case 'syslog':
      return (await import('./syslog.ts')).syslogSink(settings);
    case 'otlp':
      return (await import('./otlp.ts')).otlpSink(settings);
    default:
      return (await import('./postgres.ts')).postgresSink(settings, folder);
  }
}

/** @throws Error that of the work, or that time is up */
async function inTime(timeout: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => {
      stop.abort();
      refuse(new Error(`no answer within ${timeout} ms`));
    }, timeout);
  });
  try {
    await Promise.race([work(stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
