import { nodeIo } from '../io/node-io.ts';
import { run } from './run.ts';

/** Run a command line in the real world. @returns the exit status */
export function runHere(args: readonly string[], program: string): Promise<number> {
  return run(args, nodeIo(), program);
}
