import { ENDING } from './signals.ts';

/** Milliseconds after which signals are heard at the latest, where work goes on without waiting for anything. */
const UNHEARD = 50;

/** Hears of signals that mean the end, so that work on many files stops between two of them, and says how far it is. */
export interface Interruption {
  /** The signal that came, if one did. */
  readonly signal: string | undefined;
  /** Do a piece of work, and wait for it no longer than until a signal comes. @returns `undefined` if one did */
  during<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
  /** Stop to listen. A signal that came has its effect when what is left to be said has been said. */
  end(): void;
}

/** Begin to listen. */
export function hearInterruption(): Interruption {
  let heard: NodeJS.Signals | undefined;
  let giveUp = (): void => undefined;
  let turned = performance.now();
  const hear = (signal: NodeJS.Signals): void => {
    heard ??= signal;
    giveUp();
  };
  for (const signal of ENDING) process.on(signal, hear);
  return {
    get signal() {
      return heard;
    },
    async during(work) {
      if (performance.now() - turned > UNHEARD) {
        await new Promise(setImmediate);
        turned = performance.now();
      }
      if (heard !== undefined) return undefined;
      return new Promise((accept, refuse) => {
        giveUp = () => accept(undefined);
        work().then(accept, refuse);
      });
    },
    end() {
      for (const signal of ENDING) process.off(signal, hear);
      if (heard === undefined) return;
      const signal = heard;
      setImmediate(() => setImmediate(() => process.kill(process.pid, signal)));
    },
  };
}
