import { nodeIo } from '../io/node-io.ts';
import { run } from './run.ts';

/** Run a command line in the real world. @returns the exit status */
export async function runHere(args: readonly string[], program: string): Promise<number> {
  const status = await run(args, nodeIo(), program);
  // A signal that arrived while a file was written is heard two turns later, and then ends this process.
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  return status;
}
