import { nearest } from '../core/nearest.ts';
import { parsePath } from '../core/path.ts';
import { SottoError } from '../errors.ts';
import type { Invocation } from './arguments.ts';
import { VERB_NAMES, type Verb } from './verb.ts';

/** Modes of sops's old style, in the order in which sops would run them: only the last one's result counts. */
const MODES: readonly Verb[] = ['encrypt', 'decrypt', 'rotate', 'set'];

/** The verb that an old command line means, as an invocation of it. */
export interface Translated {
  readonly verb: Verb;
  readonly invocation: Invocation;
  readonly warnings: readonly { readonly message: string }[];
}

/** What translating looks up outside. */
export interface Files {
  isMissing(file: string): boolean;
  absolute(file: string): string;
}

/**
 * `sops -d file`, `sops -r -i file`, `sops --set '["a"] 1' file`, `sops file`: which verb that is.
 *
 * @throws SottoError `no-file`, `file-missing`, `set-invalid`; `usage` for a word that is no file
 */
export function translate(invocation: Invocation, files: Files): Translated {
  const { flags, positionals } = invocation;
  const modes = MODES.filter((mode) =>
    mode === 'set' ? flags.text('set') !== undefined : flags.boolean(mode),
  );
  const verb = modes.at(-1) ?? 'edit';
  const [file] = positionals;
  if (file === undefined) {
    throw new SottoError('no-file', 'Error: no file specified', {
      hint: '"sotto --help" has the verbs; "sotto keygen" is the beginning',
    });
  }
  if (files.isMissing(file)) {
    const path = files.absolute(file);
    if (verb === 'edit') refuseMisspeltVerb(file);
    if (MISSING_IS_100.has(verb) && hasKeyChanges(flags)) {
      const message = `Error: cannot add or remove keys on non-existent file "${path}"`;
      throw new SottoError('keys-for-missing-file', `${message}, use \`--kms\` and \`--pgp\` instead.`, {
        hint: 'check the name and the working folder',
      });
    }
    if (MISSING_IS_100.has(verb)) {
      throw new SottoError('file-missing', `Error: cannot operate on non-existent file "${path}"`, {
        hint: 'check the name and the working folder',
      });
    }
  }
  const message =
    'More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by the last one will be visible. Note that this behavior is deprecated and will cause an error eventually.';
  const warnings = modes.length > 1 ? [{ message }] : [];
  if (verb !== 'set') return { verb, invocation: { ...invocation, verb }, warnings };
  return {
    verb,
    invocation: { ...invocation, verb, positionals: [file, ...splitSet(flags.text('set') ?? '')] },
    warnings,
  };
}

/** sops looks for the file before anything else in these modes; with keys to add or remove there is another error. */
const MISSING_IS_100: ReadonlySet<Verb> = new Set<Verb>(['encrypt', 'decrypt', 'rotate']);

function hasKeyChanges(flags: Invocation['flags']): boolean {
  return flags.given().some((name) => /^(?:add|rm)-/.test(name));
}

/** Any word may be the name of a new file; one that is nearly a verb, and has no suffix, most likely is none. */
function refuseMisspeltVerb(word: string): void {
  const near = nearest(word, [...VERB_NAMES, 'help']);
  if (near === undefined || /[./\\]/.test(word)) return;
  throw new SottoError('usage', `"${word}" is neither a verb nor a file`, {
    hint: `did you mean "sotto ${near}"? A new file of that name is ./${word}`,
  });
}

/** `["a"]["b"] VALUE`: the value begins behind the first bracket that a blank follows. */
function splitSet(text: string): [path: string, value: string] {
  const end = text.indexOf('] ');
  const path = text.slice(0, end + 1);
  if (end === -1 || !isPath(path))
    throw new SottoError('set-invalid', 'Invalid --set format', {
      hint: `for example: --set '["key"] "value"'`,
    });
  return [path, text.slice(end + 2)];
}

function isPath(text: string): boolean {
  try {
    return parsePath(text).length > 0;
  } catch {
    return false;
  }
}
