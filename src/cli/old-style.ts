import { SottoError } from '../errors.ts';
import type { Invocation } from './arguments.ts';
import type { Verb } from './flags.ts';

/** Modes of sops's old style, in the order in which sops would run them: only the last one's result counts. */
const MODES: readonly Verb[] = ['encrypt', 'decrypt', 'rotate', 'set'];

/** The verb that an old command line means, as an invocation of it. */
export interface Translated {
  readonly verb: Verb;
  readonly invocation: Invocation;
  readonly warnings: readonly { readonly message: string }[];
}

/**
 * `sops -d file`, `sops -r -i file`, `sops --set '["a"] 1' file`, `sops file`: which verb that is.
 *
 * @throws SottoError `no-file`, `set-invalid`
 */
export function translate(invocation: Invocation, isMissing: (file: string) => boolean): Translated {
  const { flags, positionals } = invocation;
  const modes = MODES.filter((mode) =>
    mode === 'set' ? flags.text('set') !== undefined : flags.boolean(mode),
  );
  const verb = modes.at(-1) ?? 'edit';
  const [file] = positionals;
  if (file === undefined) throw new SottoError('no-file', 'Error: no file specified');
  if (verb !== 'edit' && isMissing(file)) {
    throw new SottoError('file-missing', `Error: cannot operate on non-existent file "${file}"`);
  }
  const message =
    'More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the last one counts.';
  const warnings = modes.length > 1 ? [{ message }] : [];
  if (verb !== 'set') return { verb, invocation: { ...invocation, verb }, warnings };
  return {
    verb,
    invocation: { ...invocation, verb, positionals: [file, ...splitSet(flags.text('set') ?? '')] },
    warnings,
  };
}

/** `["a"]["b"] VALUE`: the value begins behind the first bracket that a blank follows. */
function splitSet(text: string): [path: string, value: string] {
  const end = text.indexOf('] ');
  if (end === -1)
    throw new SottoError('set-invalid', 'Invalid --set format', {
      hint: `for example: --set '["key"] "value"'`,
    });
  return [text.slice(0, end + 1), text.slice(end + 2)];
}
