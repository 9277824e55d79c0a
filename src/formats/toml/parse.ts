import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import type { Span } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { positionOf } from '../../text/position.ts';

/** Deeper than this no configuration goes; the parser has no limit but the stack. */
const MAX_DEPTH = 1000;

/**
 * The syntax tree of a text: statements with the offsets of all that is in them, and the comments in their order.
 *
 * @throws SottoError `input-invalid`
 */
export function parse(text: string): AST.TOMLProgram {
  // The parser takes a carriage return alone for a line break; in TOML it is an error everywhere.
  const lonely = /\r(?!\n)/.exec(text);
  if (lonely !== null) {
    throw invalid(text, lonely.index, 'a carriage return stands without a line feed', {
      hint: 'lines end with LF or CR LF; in a string, write \\r',
    });
  }
  try {
    return parseTOML(text, { tomlVersion: '1.1.0' });
  } catch (error) {
    // It hands the characters of a string over as so many arguments.
    if (error instanceof RangeError)
      throw invalid(
        text,
        0,
        `nested deeper than ${MAX_DEPTH} levels, or a string of more than 100,000 characters`,
      );
    if (!(error instanceof ParseError)) throw error;
    // What is missing at the end of the text is missing behind its last character.
    const offset = Math.min(error.index, text.trimEnd().length);
    if (BARE_TEXT.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)))
      throw invalid(
        text,
        offset,
        'a value that is no number, no date and not true or false is a text in quotes',
        {
          hint: 'put it in quotes, as in: key = "value"',
        },
      );
    throw invalid(text, offset, error.message.charAt(0).toLowerCase() + error.message.slice(1));
  }
}

/** What stands in front of a value in its line, and some of it, where that begins with a letter. */
const BARE_TEXT = /^[^"'#=]*=[ \t]*(?:[A-Za-z_/][^"'#]*)?$/;

/** A header, from bracket to bracket; the tree has its table with it. */
export function headerSpan(text: string, { range, key, kind }: AST.TOMLTable): Span {
  return { start: range[0], end: text.indexOf(']', key.range[1]) + (kind === 'array' ? 2 : 1) };
}

/** Refuse what is nested too deeply. @throws SottoError `input-invalid` */
export function checkDepth(text: string, depth: number, offset: number): void {
  if (depth > MAX_DEPTH) throw tooDeep(text, offset);
}

function tooDeep(text: string, offset: number): SottoError {
  return invalid(text, offset, `nested deeper than ${MAX_DEPTH} levels`);
}

/** The error for a place in a text. */
export function invalid(
  text: string,
  offset: number,
  problem: string,
  details: { readonly hint?: string } = {},
): SottoError {
  return new SottoError('input-invalid', `not valid TOML: ${problem}`, {
    ...details,
    ...positionOf(text, offset),
  });
}
