/** Signals that tell a server to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Wait until this process is told to end. @returns the signal's name */
export function untilStopped(): Promise<string> {
  return new Promise((accept) => {
    const stop = (signal: NodeJS.Signals): void => {
      for (const one of SIGNALS) process.off(one, stop);
      accept(signal);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}
