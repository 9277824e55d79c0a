import { SottoError } from '../../errors.ts';
import { type ExportFormat, SAID_OF_SHELL_NAMES, SHELL_NAMES } from './format.ts';

/** For docker compose, and the readers of Node (its own, and the package dotenv). */
export const dotenv: ExportFormat = {
  name: 'dotenv',
  names: /^[A-Za-z_][A-Za-z0-9_.-]*$/,
  said: 'letters, digits, _ . and -, and no digit in front',
  refuse: (text) =>
    quotedForAll(text) === undefined ? 'is read differently by different programs' : undefined,
  instead: '"sotto run" hands it to a command, and --format shell and json have it',
  print: (variables) => variables.map(({ name, text }) => `${name}=${quotedForAll(text)}\n`).join(''),
};

/** A report of GitLab, of the kind dotenv: it has no quotes, and a limit. */
export const gitlab: ExportFormat = {
  name: 'gitlab',
  names: SHELL_NAMES,
  said: SAID_OF_SHELL_NAMES,
  refuse: (text) => {
    if (/[\s\p{Cc}]/u.test(text)) return 'has blanks or line breaks';
    // In jobs behind it, as in all variables of GitLab.
    return text.includes('$') ? 'has a $, and GitLab fills in variables behind it' : undefined;
  },
  instead: `the job that needs it can run: eval "$(sotto export --format shell FILE)"`,
  print: (variables) => {
    const text = variables.map(({ name, text }) => `${name}=${text}\n`).join('');
    if (Buffer.byteLength(text) <= GITLAB_LIMIT) return text;
    throw new SottoError('output-unsupported', 'gitlab takes no more than 5 KiB of variables', {
      hint: 'leave some out: --only, --except; the job that needs them can decrypt them itself',
    });
  },
};

/** Bytes (docs.gitlab.com, artifacts:reports:dotenv). */
const GITLAB_LIMIT = 5 * 1024;

/**
 * A value in quotes in which all of these readers see the same. None knows the escapes of another: so there are none,
 * and a value with quotes of every kind has no spelling.
 */
function quotedForAll(text: string): string | undefined {
  if (/^[A-Za-z0-9_.,:/@%+-][A-Za-z0-9_.,:/@%+=-]*$/.test(text)) return text;
  if (/[\p{Cc}\u2028\u2029\ufeff]/u.test(text.replace(/[\n\t]/g, ''))) return undefined;
  // A backslash can hide the quote behind it.
  if (!text.includes("'") && !text.endsWith('\\')) return `'${text}'`;
  return /["\\$`\n]/.test(text) ? undefined : `"${text}"`;
}
