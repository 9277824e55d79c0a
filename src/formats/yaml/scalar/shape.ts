import { isBlank, isBreak } from '../chars.ts';

/** In which styles go-yaml's emitter can write a text (go-yaml `emitterc.go`, analysis of scalars). */
export interface Shape {
  /** Holds a line break: LF, LS or PS (CR and NEL are never written as they are). */
  readonly multiline: boolean;
  readonly plainInFlow: boolean;
  readonly plainInBlock: boolean;
  readonly single: boolean;
  /** As a literal or folded block. */
  readonly block: boolean;
}

const EMPTY: Shape = { multiline: false, plainInFlow: false, plainInBlock: true, single: true, block: false };

/** Characters that may not begin a plain scalar anywhere. */
const NEVER_FIRST = '#,[]{}&*!|>\'"%@`';

/** Characters that keep go-yaml from writing a text plain in a flow collection. */
const NOT_IN_FLOW = /[,?[\]{}:]/;

const OTHER_THAN_ASCII = /[^ -~]/;

/** Which styles fit a text. */
export function shapeOf(text: string): Shape {
  if (text === '') return EMPTY;
  const breaks = whiteSpaceOf(text);
  const edges = isSpaceOrBreak(text.charCodeAt(0)) || isSpaceOrBreak(text.charCodeAt(text.length - 1));
  const awkward = breaks.beforeSpace || breaks.afterSpace || breaks.special || text.includes('\t');
  const plain = !edges && !awkward && !breaks.any;
  const indicators = plain ? indicatorsOf(text) : { flow: true, block: true };
  return {
    multiline: breaks.any,
    plainInFlow: plain && !indicators.flow,
    plainInBlock: plain && !indicators.block,
    single: !awkward,
    block: !text.endsWith(' ') && !breaks.afterSpace && !breaks.special,
  };
}

interface WhiteSpace {
  readonly any: boolean;
  readonly beforeSpace: boolean;
  readonly afterSpace: boolean;
  readonly special: boolean;
}

const NOTHING_SPECIAL: WhiteSpace = { any: false, beforeSpace: false, afterSpace: false, special: false };

function whiteSpaceOf(text: string): WhiteSpace {
  if (!OTHER_THAN_ASCII.test(text)) return NOTHING_SPECIAL;
  const found = { any: false, beforeSpace: false, afterSpace: false, special: false };
  let previous = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code !== 0x09 && !isPrintable(code)) found.special = true;
    if (isBreak(code)) {
      found.any = true;
      if (previous === 0x20) found.afterSpace = true;
    } else if (code === 0x20 && isBreak(previous)) {
      found.beforeSpace = true;
    }
    previous = code;
  }
  return found;
}

function indicatorsOf(text: string): { flow: boolean; block: boolean } {
  if (text.startsWith('---') || text.startsWith('...')) return { flow: true, block: true };
  const first = text.charAt(0);
  const endsFirst = text.length === 1 || isBlank(text.charCodeAt(1));
  if (NEVER_FIRST.includes(first) || (first === '-' && endsFirst)) return { flow: true, block: true };
  const flow = first === '?' || first === ':';
  if ((flow && endsFirst) || hasIndicator(text)) return { flow: true, block: true };
  return { flow: flow || NOT_IN_FLOW.test(text), block: false };
}

/** A colon in front of a blank, or a `#` behind one, that is not the first character. */
function hasIndicator(text: string): boolean {
  for (let at = text.indexOf(':', 1); at !== -1; at = text.indexOf(':', at + 1)) {
    if (at + 1 === text.length || isBlank(text.charCodeAt(at + 1))) return true;
  }
  for (let at = text.indexOf('#', 1); at !== -1; at = text.indexOf('#', at + 1)) {
    if (isBlank(text.charCodeAt(at - 1))) return true;
  }
  return false;
}

/**
 * Whether go-yaml writes a character as it is. A UTF-16 code unit is enough to tell: everything beyond the
 * basic plane is escaped.
 */
export function isPrintable(code: number): boolean {
  if (code < 0xa0) return code === 0x0a || (code >= 0x20 && code <= 0x7e);
  return code < 0xd800 || (code >= 0xe000 && code < 0xfffe && code !== 0xfeff);
}

function isSpaceOrBreak(code: number): boolean {
  return code === 0x20 || isBreak(code);
}
