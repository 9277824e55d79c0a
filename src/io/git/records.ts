import type { ProgramResult, RunningProgram } from '../../keys/host.ts';

/**
 * What a program prints, record by record; each ends with a zero byte.
 *
 * @param toError what is thrown at the end if its status is not 0
 */
export async function* records(
  program: RunningProgram,
  toError: (result: ProgramResult) => Error,
): AsyncGenerator<string> {
  /** The beginning of a record whose end has not come yet. */
  let begun: Uint8Array[] = [];
  try {
    for (let piece = await program.read(); piece !== undefined; piece = await program.read()) {
      let start = 0;
      for (let end = piece.indexOf(0); end >= 0; end = piece.indexOf(0, start)) {
        begun.push(piece.subarray(start, end));
        yield Buffer.concat(begun).toString('utf8');
        begun = [];
        start = end + 1;
      }
      begun.push(piece.subarray(start));
    }
    const result = await program.end();
    if (result.status !== 0) throw toError(result);
  } finally {
    program.stop();
  }
}
