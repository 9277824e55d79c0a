import { parseSopsPath } from '../core/tree/sops-path.ts';
import { SottoError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import type { Invocation } from './command-line.ts';
import { RECIPIENT_CHANGE_FLAGS } from './flags/keys.ts';

/** Modes of the old style, in the order in which sops would run them: only the last one's result counts. */
const MODES = ['encrypt', 'decrypt', 'rotate', 'set'] as const;

/** The verb that an old command line means. */
export interface Translated {
  readonly name: (typeof MODES)[number] | 'edit';
  readonly positionals: readonly string[];
  readonly warnings: readonly { readonly message: string }[];
}

/** What translating looks up outside. */
export interface Files {
  isMissing(file: string): boolean;
  readonly likeSops: boolean;
  absolute(file: string): string;
}

/**
 * `sops -d file`, `sops -r -i file`, `sops --set '["a"] 1' file`, `sops file`: which verb that is.
 *
 * @throws SottoError `no-file`, `file-missing`, `set-invalid`; `usage` for a word that is no file
 */
export function translate({ flags, positionals }: Invocation, files: Files): Translated {
  const modes = MODES.filter((mode) =>
    mode === 'set' ? flags.text('set') !== undefined : flags.boolean(mode),
  );
  const name = modes.at(-1) ?? 'edit';
  const [file] = positionals;
  if (file === undefined) {
    throw new SottoError('no-file', 'no file was named', {
      inSops: 'Error: no file specified',
      hint: '"sotto --help" has the verbs; "sotto keygen" is the beginning',
    });
  }
  if (files.isMissing(file)) {
    const path = files.absolute(file);
    if (name === 'edit' && files.likeSops) refuseMisspeltVerb(file);
    if (MISSING_IS_100.has(name) && hasKeyChanges(flags)) {
      throw new SottoError(
        'keys-for-missing-file',
        `there is no file ${file} whose recipients could change`,
        {
          inSops: `Error: cannot add or remove keys on non-existent file "${path}", use \`--kms\` and \`--pgp\` instead.`,
          hint: 'check the name and the working folder',
        },
      );
    }
    if (MISSING_IS_100.has(name)) {
      throw new SottoError('file-missing', `there is no file ${file}`, {
        inSops: `Error: cannot operate on non-existent file "${path}"`,
        hint: 'check the name and the working folder',
      });
    }
  }
  const message =
    'More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by the last one will be visible. Note that this behavior is deprecated and will cause an error eventually.';
  const warnings = modes.length > 1 ? [{ message }] : [];
  return {
    name,
    positionals: name === 'set' ? [file, ...splitSet(flags.text('set') ?? '')] : positionals,
    warnings,
  };
}

/** sops looks for the file before anything else in these modes; with keys to add or remove there is another error. */
const MISSING_IS_100: ReadonlySet<string> = new Set(['encrypt', 'decrypt', 'rotate']);

function hasKeyChanges(flags: Invocation['flags']): boolean {
  return RECIPIENT_CHANGE_FLAGS.some(({ name }) => flags.isGiven(name));
}

/** The verbs of sops: that a word is like another one of sotto's makes no difference under the name of sops. */
const SOPS_VERBS = [
  ...[
    'encrypt',
    'decrypt',
    'edit',
    'set',
    'unset',
    'rotate',
    'updatekeys',
    'groups',
    'publish',
    'keyservice',
  ],
  ...['exec-env', 'exec-file', 'filestatus', 'completion', 'help'],
];

/** Any word may be the name of a new file, but one that is nearly a verb and has no suffix is most likely a misspelt verb. */
function refuseMisspeltVerb(word: string): void {
  const near = nearest(word, SOPS_VERBS);
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
    throw new SottoError('set-invalid', '--set takes a path and a value', {
      inSops: 'Invalid --set format',
      hint: `for example: --set '["key"] "value"'`,
    });
  return [path, text.slice(end + 2)];
}

function isPath(text: string): boolean {
  try {
    return parseSopsPath(text).length > 0;
  } catch {
    return false;
  }
}
