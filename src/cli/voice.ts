import type { Warning } from '../core/warning.ts';
import type { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { describeWarning, errorTeller } from './report.ts';

/** How the program speaks on stderr. */
export interface Voice {
  /** Show a warning, once: many files can have the same to be said about their configuration. */
  warn(warning: Warning): void;
  /** Show an error that does not end the program. */
  complain(error: SottoError): void;
  /** Show the error that ends it. @param isLogged sops has it from a library, and not from a command of its own */
  fail(error: SottoError, isLogged: boolean): void;
}

/** In words of our own; where the program is called `sops`, in those that its callers know. */
export function voiceOf(io: Io, program: string): Voice {
  return program === 'sops' ? sopsVoice(io) : ownVoice(io);
}

function ownVoice(io: Io): Voice {
  const complain = errorTeller(io);
  return {
    warn: once((warning) => io.complain(describeWarning(warning, io.hasColour))),
    complain,
    fail: complain,
  };
}

function sopsVoice(io: Io): Voice {
  const log = (level: string, text: string): void => io.complain(logLine(level, text, io.now()));
  return {
    warn: once(({ message }) => log('warning', message)),
    complain: ({ inSops }) => log('error', inSops),
    fail: ({ inSops }, isLogged) => (isLogged ? log('fatal', inSops) : io.complain(`${inSops}\n`)),
  };
}

/** A line of sops's log (logrus, where there is no terminal). */
function logLine(level: string, text: string, now: Date): string {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return `[CMD]\t time="${time}" level=${level} msg=${JSON.stringify(text)}\n`;
}

function once(say: (warning: Warning) => void): (warning: Warning) => void {
  const said = new Set<string>();
  return (warning) => {
    const key = JSON.stringify(warning);
    if (!said.has(key)) say(warning);
    said.add(key);
  };
}
