import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';

/** A file that `init` makes, changes or takes away. */
export interface FileEdit {
  /** Absolute. */
  readonly path: string;
  /** `undefined` where there is no such file. */
  readonly before: string | undefined;
  /** `undefined` where it goes. */
  readonly after: string | undefined;
  /** It can be run. */
  readonly isProgram?: boolean;
}

/** What is really to be done. */
export function pending(edits: readonly FileEdit[]): FileEdit[] {
  return edits.filter(({ before, after }) => before !== after);
}

/** Do it. @throws SottoError `output-unwritable`; what was done before stays done, and is found by the next run */
export async function apply(edits: readonly FileEdit[], io: Io): Promise<void> {
  for (const { path, before, after, isProgram = false } of edits) {
    if (after === undefined) io.remove(path);
    else if (before === undefined) io.create(path, Buffer.from(after), isProgram ? 0o755 : 0o644);
    else await io.write(path, after, { known: { name: path, content: before } });
  }
}

/** The text of a file; `undefined` where there is none. @throws SottoError for one that can't be read */
export function textAt(io: Io, path: string): string | undefined {
  if (!io.exists(path)) return undefined;
  if (!io.isFile(path))
    throw new SottoError('output-unwritable', `${path} is no regular file`, {
      file: path,
      hint: 'move it away, and try again',
    });
  return Buffer.from(io.readSetting(path)).toString();
}
