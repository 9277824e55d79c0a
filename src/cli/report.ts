import type { Warning } from '../core/splice/warning.ts';
import { inShortPaths } from '../core/tree/path.ts';
import type { ErrorCode, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { withFile } from '../text/command-word.ts';
import { legible, oneLine } from '../text/printable.ts';

const DIM = 2;
/** The one error that is a report: its parts are legible already. */
const MANY_LINES: ErrorCode = 'no-key-fits';

/** An error as data, for `--json`. */
export function renderError(error: SottoError): { readonly [key: string]: unknown } {
  const { file, line, column, facts } = error.details;
  const hint = adviceOf(error);
  return {
    code: error.code,
    message: sentenceOf(error),
    hint,
    file,
    line,
    column,
    ...facts,
    exit: error.exit,
  };
}

/** What to do, with the name of the file that the error is about. */
function adviceOf({ details: { hint, file } }: SottoError): string | undefined {
  return hint === undefined ? undefined : withFile(hint, file);
}

/** What an error says, with the file where it is about all of it. */
function sentenceOf({ message, details: { undone, file } }: SottoError): string {
  return undone === undefined ? message : `${undone} ${file ?? 'the file'}: ${message}`;
}

/** Tells errors as they come, each code with where to look it up, once. */
export function errorTeller(io: Pick<Io, 'complain' | 'hasColour'>): (error: SottoError) => void {
  const explained = new Set<ErrorCode>();
  return (error) => {
    const { code } = error;
    const isNew = !explained.has(code);
    const more = isNew ? `${paint(`explain: sotto explain ${code}`, DIM, io.hasColour)}\n` : '';
    explained.add(code);
    io.complain(`${describeError(error, io.hasColour)}${more}`);
  };
}

/** What an error says, in one line if it is no report, and not a text of sops that has several. */
export function textOf(error: SottoError, message: string): string {
  const { details } = error;
  const isOfSops = details.hasParagraphs === true && message === details.inSops;
  return error.is(MANY_LINES) || isOfSops ? legible(message) : oneLine(message);
}

/** An error for people: what failed, where, and what to do about it. */
function describeError(error: SottoError, colour: boolean): string {
  const { lines: more = [] } = error.details;
  const hint = adviceOf(error);
  const lines = [`${paint('error:', 31, colour)} ${forPeople(sentenceOf(error))}`];
  const place = isPlaced(error) ? placeOf(error.details) : '';
  if (place !== '') lines.push(`  at ${place}`);
  for (const line of more) lines.push(`  ${forPeople(line)}`);
  if (hint !== undefined) lines.push(`${paint('fix:', 36, colour)} ${oneLine(hint)}`);
  return `${lines.join('\n')}\n`;
}

/** Whether a message that does not name its file, or place in it, does without it. */
function isPlaced({ message, details: { undone, file, line } }: SottoError): boolean {
  if (undone !== undefined) return false;
  return line !== undefined || file === undefined || !message.split(/[\s"',:;]+/).includes(file);
}

/** A warning for people. */
export function describeWarning({ message, hint, file, line }: Warning, colour: boolean): string {
  const place = placeOf({ file, line });
  const text = `${paint('warning:', 33, colour)} ${place === '' ? '' : `${place}: `}${forPeople(message)}\n`;
  if (hint === undefined) return text;
  return `${text}${paint('fix:', 36, colour)} ${oneLine(withFile(hint, file))}\n`;
}

/** In one line, and with paths as people write them. */
function forPeople(text: string): string {
  return oneLine(inShortPaths(text));
}

function placeOf({
  file,
  line,
  column,
}: {
  file?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}): string {
  const shown = file === undefined ? undefined : oneLine(file);
  const parts = [shown ?? (line === undefined ? undefined : 'line'), line, column].filter(
    (part) => part !== undefined,
  );
  return file === undefined && line !== undefined
    ? `line ${[line, column].filter((part) => part !== undefined).join(', column ')}`
    : parts.join(':');
}

function paint(text: string, code: number, colour: boolean): string {
  return colour ? `\u001b[${code}m${text}\u001b[0m` : text;
}
