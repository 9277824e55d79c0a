import { ENDING } from './signals.ts';

/** How much goes on that a signal must not cut short. */
let holders = 0;
/** The signal that arrived meanwhile. */
let held: NodeJS.Signals | undefined;
/** There is one listener for all that happens before the next turn of the event loop: only there are signals heard. */
let release: NodeJS.Immediate | undefined;

/** Do what a signal must not cut short. One that arrives meanwhile has its effect when it is done. */
export async function holdSignals<Result>(work: () => Promise<Result>): Promise<Result> {
  if (holders === 0 && release === undefined) for (const signal of ENDING) process.on(signal, hear);
  clearImmediate(release);
  holders += 1;
  try {
    return await work();
  } finally {
    holders -= 1;
    if (holders === 0) letGoSoon();
  }
}

/** The first turn may be over where signals are heard. */
function letGoSoon(): void {
  if (held !== undefined) return passOn(held);
  release = setImmediate(() => {
    release = setImmediate(letGo);
  });
}

function hear(signal: NodeJS.Signals): void {
  if (holders > 0) held = signal;
  else passOn(signal);
}

function passOn(signal: NodeJS.Signals): void {
  letGo();
  process.kill(process.pid, signal);
}

function letGo(): void {
  clearImmediate(release);
  release = undefined;
  held = undefined;
  for (const signal of ENDING) process.off(signal, hear);
}
