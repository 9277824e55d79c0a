import type { Format } from '../core/splice/format.ts';
import { type CommentNode, type EntryNode, type MapNode, NOWHERE, type TreeNode } from '../core/tree/tree.ts';
import type { ValueType } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';

const GREETING = 'Welcome to sotto! Edit this file as you please!';
const HELLO = entry('hello', value('str', GREETING));
const KEY = entry('example_key', value('str', 'example_value'));

/** What a format can hold tells which of these it begins with: the first that it can print. */
const EXAMPLES: readonly MapNode[] = [
  map(
    HELLO,
    KEY,
    comment(' Example comment'),
    entry('example_array', list(value('str', 'example_value1'), value('str', 'example_value2'))),
    entry('example_number', value('float', '1234.56789')),
    entry('example_booleans', list(value('bool', 'True'), value('bool', 'False'))),
  ),
  map(entry('Welcome!', map(comment(' This is an example file.'), HELLO, KEY))),
  map(
    comment(' This is an example file.'),
    HELLO,
    KEY,
    entry('example_multiline', value('str', 'foo\nbar\nbaz')),
  ),
];

/** What a new file begins with in the editor. */
export function exampleOf(format: Format): Uint8Array {
  if (format.binary !== undefined) return Buffer.from(GREETING);
  for (const example of EXAMPLES) {
    try {
      return Buffer.from(format.print([example]));
    } catch (error) {
      if (!(error instanceof SottoError) || error.code !== 'output-unsupported') throw error;
    }
  }
  return new Uint8Array();
}

function value(type: ValueType, text: string): TreeNode {
  return { kind: 'value', value: { type, text }, place: NOWHERE };
}

function comment(text: string): CommentNode {
  return { kind: 'comment', text, inline: false, place: NOWHERE };
}

function entry(key: string, node: TreeNode): EntryNode {
  return { kind: 'entry', key, value: node, keySpan: NOWHERE };
}

function list(...items: TreeNode[]): TreeNode {
  return { kind: 'list', items, place: NOWHERE };
}

function map(...items: (EntryNode | CommentNode)[]): MapNode {
  return { kind: 'map', items, place: NOWHERE };
}
