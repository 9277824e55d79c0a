import type { Warning } from '../core/splice/warning.ts';
import type { ErrorCode, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { legible, oneLine } from '../text/printable.ts';

const DIM = 2;
/** The one error that is a report: its parts are legible already. */
const MANY_LINES: ErrorCode = 'no-key-fits';

/** An error as data, for `--json`. */
export function renderError(error: SottoError): { readonly [key: string]: unknown } {
  const { hint, file, line, column } = error.details;
  return { code: error.code, message: error.message, hint, file, line, column, exit: error.exit };
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
export function textOf({ code, details }: SottoError, message: string): string {
  const isOfSops = details.hasParagraphs === true && message === details.inSops;
  return code === MANY_LINES || isOfSops ? legible(message) : oneLine(message);
}

/** An error for people: what failed, where, and what to do about it. */
function describeError(error: SottoError, colour: boolean): string {
  const { hint } = error.details;
  const lines = [paint(textOf(error, error.message), 31, colour)];
  const place = placeOf(error.details);
  if (place !== '') lines.push(`  at ${place}`);
  if (hint !== undefined) lines.push(`${paint('hint:', 36, colour)} ${oneLine(hint)}`);
  return `${lines.join('\n')}\n`;
}

/** A warning for people. */
export function describeWarning({ message, hint, file, line }: Warning, colour: boolean): string {
  const place = placeOf({ file, line });
  const text = `${paint('warning:', 33, colour)} ${place === '' ? '' : `${place}: `}${oneLine(message)}\n`;
  return hint === undefined ? text : `${text}${paint('hint:', 36, colour)} ${oneLine(hint)}\n`;
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
