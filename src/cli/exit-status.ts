import { constants } from 'node:os';
import type { ExitResult } from '../io/io.ts';

/** The exit status that says how a program ended, as shells have it: its own, or 128 and the number of the signal. */
export function exitStatus({ status, signal }: ExitResult): number {
  if (status !== undefined) return status;
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return 128 + (number ?? 0);
}
