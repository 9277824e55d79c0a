import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { Variable } from '../../operations/name-variables.ts';

/** What a format is told besides the variables. */
export interface ExportRequest {
  /** Of the Secret. */
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  /** Which of the files of GitHub is written. */
  readonly to: 'env' | 'output';
  /** Terraform reads the result. */
  readonly forTerraform: boolean;
}

/** A language in which variables are handed over: one declaration, one row in the index. */
export interface ExportFormat {
  readonly name: string;
  /** Which names it has. */
  readonly names: RegExp;
  /** The same in words: names have … */
  readonly said: string;
  /** Names that mean something else to what reads it, in words. */
  readonly taken?: (name: string) => string | undefined;
  /** Why it can't hold a value, as in `has line breaks`. */
  readonly refuse?: (text: string, request: ExportRequest) => string | undefined;
  /** What takes a value that this format can't hold. */
  readonly instead: string;
  /** What it prints is for the runner of a pipeline, which shows none of it, also where it has made a terminal for its log. */
  readonly isForRunner?: true;
  /** Values may be bytes that are no UTF-8. */
  readonly holdsBytes?: true;
  /** The text; `undefined` where it was handed over already. */
  readonly print: (
    variables: readonly Variable[],
    request: ExportRequest,
    io: Io,
  ) => string | undefined | Promise<string | undefined>;
}

/** Names that shells have for variables, and most programs. */
export const SHELL_NAMES: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const SAID_OF_SHELL_NAMES: string = 'letters, digits and _, and no digit in front';

/** @throws SottoError `output-unsupported` with the name of what the format can't hold */
export function requireHeld(
  format: ExportFormat,
  variables: readonly Variable[],
  request: ExportRequest,
): void {
  for (const { name, text, bytes } of variables) {
    if (!format.names.test(name))
      throw new SottoError('output-unsupported', `${format.name} has no names such as ${name}`, {
        hint: `names have ${format.said}; give it one, as in --map NAME=path, or leave it out: --except`,
      });
    const taken = format.taken?.(name);
    if (taken !== undefined)
      throw new SottoError('output-unsupported', `${name} ${taken}`, {
        hint: `give it another name, as in --map OTHER_${name}=path, or leave it out: --except ${name}`,
      });
    const reason =
      bytes !== undefined && format.holdsBytes !== true ? 'is not in UTF-8' : format.refuse?.(text, request);
    if (reason !== undefined)
      throw new SottoError(
        'output-unsupported',
        `${format.name} can't hold the value of ${name}: it ${reason}`,
        {
          hint: `${format.instead}; or leave it out: --except ${name}`,
        },
      );
  }
}
