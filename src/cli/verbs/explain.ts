import { type ErrorCode, EXIT_STATUS, SottoError } from '../../errors.ts';
import { FINDINGS, isFindingId } from '../../operations/check/findings.ts';
import { nearest } from '../../text/nearest.ts';
import { wrapped } from '../../text/paragraph.ts';
import { ERROR_CODES, EXPLANATIONS, isCode, statusesOf } from '../explanations.ts';
import type { Context, Output, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'explain',
  group: 'other',
  usage: 'explain [flags] [CODE|STATUS]',
  summary: 'say what an error, or an exit status, means, and what to do',
  examples: ['sotto explain', 'sotto explain no-key-fits', 'sotto explain 128'],
  flags: [],
  json: '{code, exit, title, cause, fix, also}; of several [{…}]',
  words: async () => ERROR_CODES.map((word) => ({ word, help: EXPLANATIONS[word].title })),
  run,
};

const WIDTH = 80;

async function run({ positionals: [topic, ...more] }: Context): Promise<Output> {
  if (more.length > 0) {
    throw new SottoError('usage', 'explain takes one code, or one exit status', {
      hint: '"sotto explain" lists all codes',
    });
  }
  if (topic === undefined) return { stdout: list(), report: ERROR_CODES.map(asData) };
  if (isCode(topic)) return { stdout: describe(topic), report: asData(topic) };
  if (isFindingId(topic)) {
    const { level, title, cause, fix } = FINDINGS[topic];
    const finding = { finding: topic, level, title, cause, fix };
    return { stdout: describeFinding(finding), report: finding };
  }
  const codes = codesWith(topic);
  return { stdout: codes.map(describe).join('\n'), report: codes.map(asData) };
}

/** The errors that end with a status. @throws SottoError `usage` when there are none, or the word is no status */
function codesWith(word: string): ErrorCode[] {
  if (!/^\d+$/.test(word)) throw unknownCode(word);
  const status = Number(word);
  const usual = ERROR_CODES.filter((code) => EXIT_STATUS[code] === status);
  const others = ERROR_CODES.filter((code) => EXPLANATIONS[code].also?.[status] !== undefined);
  if (usual.length + others.length > 0) return [...usual, ...others];
  throw new SottoError('usage', `no error has the exit status ${status}`, {
    hint: 'run, exec-env and exec-file end with the status of their command: 128 and the number of the signal, if one ended it',
  });
}

function unknownCode(word: string): SottoError {
  const near = nearest(word, ERROR_CODES);
  return new SottoError('usage', `there is no error with the code "${word}"`, {
    hint: near === undefined ? '"sotto explain" lists all' : `did you mean "sotto explain ${near}"?`,
  });
}

function asData(code: ErrorCode): { readonly [key: string]: unknown } {
  const { title, cause, fix, also } = EXPLANATIONS[code];
  return { code, exit: EXIT_STATUS[code], title, cause, fix, also };
}

function list(): string {
  const width = Math.max(...ERROR_CODES.map(({ length }) => length));
  const lines = ERROR_CODES.map(
    (code) => `${code.padEnd(width)}  ${`${EXIT_STATUS[code]}`.padStart(3)}  ${EXPLANATIONS[code].title}\n`,
  );
  return `${'CODE'.padEnd(width)} EXIT  WHAT IS THE MATTER\n${lines.join('')}`;
}

/** What `check` finds has a name, too. */
function describeFinding(finding: {
  readonly finding: string;
  readonly level: string;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
}): string {
  const { finding: id, level, title, cause, fix } = finding;
  return `${id}: ${title}\n\n${text('cause:', cause)}${text('fix:', fix)}${text('level:', `${level}, of "sotto check"`)}`;
}

/** A paragraph behind its name. */
function text(name: string, paragraph: string): string {
  return wrapped(paragraph, WIDTH - 7)
    .map((line, index) => `${index === 0 ? name.padEnd(7) : ' '.repeat(7)}${line}\n`)
    .join('');
}

function describe(code: ErrorCode): string {
  const { title, cause, fix } = EXPLANATIONS[code];
  return `${code}: ${title}\n\n${text('cause:', cause)}${text('fix:', fix)}${text('exit:', statusesOf(code))}`;
}
