import type { Warning } from '../core/splice/warning.ts';
import type { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { legible } from '../text/printable.ts';
import { describeWarning, errorTeller, textOf } from './report.ts';

/** Parts of sops that have a log. */
export type Logger = 'AUDIT' | 'CMD' | 'EXEC';

/** How the program speaks on stderr. */
export interface Reporter {
  /** Show a warning, once: many files can have the same to be said about their configuration. */
  warn(warning: Warning): void;
  /** Show an error that does not end the program. */
  complain(error: SottoError): void;
  /** Show the error that ends it. @param logger which part of sops leaves it to its log, if one does */
  fail(error: SottoError, logger?: Logger): void;
}

/** In words of our own; where the program is called `sops`, in those that its callers know. */
export function reporterOf(io: Io, program: string): Reporter {
  return program === 'sops' ? sopsReporter(io) : ownReporter(io);
}

function ownReporter(io: Io): Reporter {
  const complain = errorTeller(io);
  return {
    warn: once((warning) => io.complain(describeWarning(warning, io.hasColour))),
    complain,
    fail: complain,
  };
}

function sopsReporter(io: Io): Reporter {
  const log = (logger: Logger, level: string, text: string): void =>
    io.complain(logLine(logger, level, text, io.now()));
  return {
    warn: once(({ message, notInSops }) => {
      if (notInSops !== true) log('CMD', 'warning', message);
    }),
    complain: ({ inSops }) => log('CMD', 'error', inSops),
    fail: (error, logger) => {
      if (logger === undefined) return io.complain(`${textOf(error, error.inSops)}\n`);
      for (const line of error.details.logged ?? []) log(logger, 'error', line);
      return log(logger, 'fatal', error.inSops);
    },
  };
}

/** A line of sops's log (logrus, where there is no terminal). */
function logLine(logger: Logger, level: string, text: string, now: Date): string {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return `[${logger}]\t time="${time}" level=${level} msg=${legible(JSON.stringify(text))}\n`;
}

function once(say: (warning: Warning) => void): (warning: Warning) => void {
  const said = new Set<string>();
  return (warning) => {
    const key = JSON.stringify(warning);
    if (!said.has(key)) say(warning);
    said.add(key);
  };
}
