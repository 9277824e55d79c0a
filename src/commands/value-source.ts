import { isInt64 } from '../core/tree/number.ts';
import { shortPath } from '../core/tree/path.ts';
import type { Path, TreeNode } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import { json } from '../formats/json/index.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';
import { parseValue } from '../operations/set.ts';
import { commandWord } from '../text/command-word.ts';
import { askTwice } from './ask-twice.ts';

/** The value for `set`: JSON, or where it is. What is asked for is one line, typed twice, or all lines up to Ctrl+D. */
export type ValueSource =
  | { readonly text: string }
  | { readonly file: string }
  | { readonly stdin: 'json' | 'text' }
  | { readonly asked: 'line' | 'text' };

/** What a value is for, as it was typed. */
interface Target {
  readonly file: string;
  readonly path: string;
  readonly likeSops?: boolean | undefined;
}

/**
 * The value; or, where it is asked for, what asks, which is done once the file is open: nobody types a secret in vain.
 *
 * @throws SottoError `set-invalid` for what is no JSON
 */
export async function readValue(
  source: ValueSource,
  target: Target,
  io: Io,
): Promise<TreeNode | ((path: Path) => Promise<TreeNode>)> {
  if (!('asked' in source)) {
    const text = await readText(source, io);
    try {
      if (target.likeSops !== true) refuseLostDigits(text);
      return parseValue(text, json);
    } catch (error) {
      throw error instanceof SottoError ? withWaysOut(error, target) : error;
    }
  }
  let asked: Promise<string> | undefined;
  return async (path) => {
    // Once, also when the file has to be changed once more since somebody else was faster.
    asked ??= source.asked === 'line' ? askLine(path, target, io) : askText(path, io);
    return parseValue(JSON.stringify(await asked), json);
  };
}

/** A token of digits alone would come back as 1.2e+19. @throws SottoError `set-invalid` */
function refuseLostDigits(text: string): void {
  if (!/^\s*-?\d{19,}\s*$/.test(text) || isInt64(BigInt(text.trim()))) return;
  throw new SottoError('set-invalid', 'the number has more digits than a number can hold', {
    hint: 'a text of digits has quotes in JSON',
  });
}

/** Whether a text came over stdin that is empty. */
export function isNothing(
  source: ValueSource,
  value: TreeNode | ((path: Path) => Promise<TreeNode>),
): boolean {
  const isText = 'stdin' in source && source.stdin === 'text';
  return isText && 'kind' in value && value.kind === 'value' && value.value.text === '';
}

async function readText(value: Exclude<ValueSource, { asked: unknown }>, io: Io): Promise<string> {
  if ('text' in value) return value.text;
  if ('file' in value) return readValueFile(value.file, io);
  const text = decodeUtf8(await io.readStdin());
  return value.stdin === 'json' ? text : JSON.stringify(withoutLineBreak(text));
}

/** The file of `--value-file` can't be read: sops's exit status. */
function readValueFile(file: string, io: Io): string {
  try {
    return decodeUtf8(io.read(io.absolute(file)), file);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const reason = error.message.replace(io.absolute(file), file);
    const inSops = error.inSops.replace('Error reading file: ', '').replace(io.absolute(file), file);
    throw error.with({ exit: 1, inSops, hint: 'with --value-file, VALUE is the name of a file' }, reason);
  }
}

async function askLine(path: Path, target: Target, io: Io): Promise<string> {
  return askTwice(io, shortPath(path), {
    extent: 'paste',
    check: (answer) => {
      if (answer.includes('\n'))
        throw notALine('these are several lines, of which only the first would be taken', target);
      if (/[^\P{Cc}\t]/u.test(answer))
        throw notALine('a key was pressed that types nothing, such as an arrow', target);
    },
  });
}

async function askText(path: Path, io: Io): Promise<string> {
  const answer = await io.askSecret(
    `Type ${shortPath(path)}, which does not show, and then Ctrl+D: `,
    'text',
  );
  if (answer !== undefined) return withoutLineBreak(answer);
  throw new SottoError('canceled', `no ${shortPath(path)} was given`, {
    hint: 'nothing was changed; try again',
  });
}

function notALine(problem: string, target: Target): SottoError {
  return new SottoError('canceled', problem, {
    hint: `nothing was changed; ${lineFor(target, '--stdin ')} takes a text as it is`,
  });
}

function withWaysOut(error: SottoError, target: Target): SottoError {
  const { hint = '' } = error.details;
  const ways = `"${lineFor(target)}" asks for it, and "${lineFor(target, '--stdin ')}" reads it`;
  return error.with({ hint: `${hint}; for a text as it is, ${ways}` });
}

function lineFor({ file, path }: Target, flag = ''): string {
  return `sotto set ${flag}${commandWord(file)} ${commandWord(path)}`;
}

function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}
