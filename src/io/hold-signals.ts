import { ENDING } from './signals.ts';

/** There is one listener for all that happens before the next turn of the event loop: only there are signals heard. */
let release: NodeJS.Immediate | undefined;

/** Do what a signal must not cut short. One that arrives meanwhile has its effect when it is done. */
export function holdSignals<Result>(work: () => Result): Result {
  if (release === undefined) for (const signal of ENDING) process.on(signal, passOn);
  clearImmediate(release);
  try {
    return work();
  } finally {
    // The first turn may be over where signals are heard.
    release = setImmediate(() => {
      release = setImmediate(letGo);
    });
  }
}

function passOn(signal: NodeJS.Signals): void {
  letGo();
  process.kill(process.pid, signal);
}

function letGo(): void {
  clearImmediate(release);
  release = undefined;
  for (const signal of ENDING) process.off(signal, passOn);
}
