import { randomUUID } from 'node:crypto';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import type { Variable } from '../../operations/name-variables.ts';
import { type ExportFormat, type ExportRequest, SAID_OF_SHELL_NAMES, SHELL_NAMES } from './format.ts';

/** Where GitHub Actions looks for what a step leaves (docs.github.com, workflow commands). */
const FILES = { env: 'GITHUB_ENV', output: 'GITHUB_OUTPUT' } as const;

/** A step of GitHub Actions: the log is told what to mask, and later steps get the values. */
export const github: ExportFormat = {
  name: 'github',
  names: SHELL_NAMES,
  said: SAID_OF_SHELL_NAMES,
  taken: (name) =>
    /^(?:GITHUB_|RUNNER_|NODE_OPTIONS$|CI$)/i.test(name)
      ? 'belongs to GitHub Actions, which passes over it'
      : undefined,
  instead: '"sotto run" hands it to a command',
  isForRunner: true,
  print: async (variables, request, io) => {
    const path = fileOf(request, io);
    const before = io.read(path);
    io.print(masksFor(variables));
    const after = wholeLines(decodeUtf8(before, path)) + variables.map(entry).join('');
    await io.write(path, after, { known: { name: path, content: before } });
    return undefined;
  },
};

/** The log alone is told what to mask; no value goes anywhere. */
export const githubMask: ExportFormat = {
  name: 'github-mask',
  names: /^.*$/s,
  said: 'any characters',
  instead: 'no log can show it',
  isForRunner: true,
  holdsBytes: true,
  print: masksFor,
};

function fileOf({ to }: ExportRequest, io: Io): string {
  const variable = FILES[to];
  const path = io.environment[variable];
  if (path !== undefined && path !== '' && io.isFile(io.absolute(path))) return io.absolute(path);
  throw new SottoError('no-destination', `there is no $${variable} to write to`, {
    hint: 'github is for a step of GitHub Actions; anywhere else, take another --format',
  });
}

/** What an earlier command has left may lack its line end. */
function wholeLines(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** One command for each line of what is encrypted: the log is searched line by line. What stands in clear is in the repository. */
function masksFor(variables: readonly Variable[]): string {
  const lines = variables
    .filter(({ isEncrypted, bytes }) => isEncrypted && bytes === undefined)
    .flatMap(({ text }) => text.split(/\r\n|\n|\r/))
    .flatMap((line) => [line, line.trim()])
    .filter((line) => line.trim() !== '');
  return [...new Set(lines)].map((line) => `::add-mask::${line.replaceAll('%', '%25')}\n`).join('');
}

/** Nobody can know the delimiter beforehand, so no value can end with it and go on with a variable of its own. */
function entry({ name, text }: Variable): string {
  const delimiter = `sotto-${randomUUID()}`;
  return `${name}<<${delimiter}\n${text}\n${delimiter}\n`;
}
