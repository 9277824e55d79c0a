import { constants } from 'node:buffer';
import type { Format } from '../core/splice/format.ts';
import { behindAliases, type MapNode, NOWHERE, type TreeNode } from '../core/tree/tree.ts';
import { stringOf, type Value, valueBytes } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';
import { json } from './json/index.ts';

const LIKELY =
  'This is likely not an encrypted binary file? If not, use --output-type to select the correct output type.';

/** The key under which the bytes stand (sops `stores/json/store.go`, BinaryStore). */
const DATA_KEY = 'data';

/** Bytes that fit into a text in base64, with room for the metadata: what one string of the runtime can hold. */
const MAX_LENGTH = Math.floor(((constants.MAX_STRING_LENGTH - 0x100000) / 4) * 3);

/** Any bytes, encrypted as the one value of a JSON object. */
export const binary: Format = {
  ...json,
  name: 'binary',
  hasExactBreaks: true,
  read: (text) => ({ ...json.read(text), format: binary }),
  // Nothing comes out but the one value.
  firstOdd: () => undefined,
  binary: {
    read: (bytes) => rootOf(stringOf(bounded(bytes))),
    readExact: (bytes) => rootOf({ type: 'str', text: '', bytes: bounded(bytes) }),
    print: printWhole,
  },
};

/** @throws SottoError `input-invalid` */
function bounded(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_LENGTH) {
    const size = Math.round(bytes.length / 1e6);
    throw new SottoError(
      'input-invalid',
      `the file has ${size} MB; ${Math.floor(MAX_LENGTH / 1e6)} MB is the most`,
      {
        hint: 'keep large data elsewhere, encrypted with a key that is kept in a file like this',
      },
    );
  }
  return bytes;
}

function rootOf(value: Value): MapNode {
  const node: TreeNode = { kind: 'value', value, place: NOWHERE };
  return {
    kind: 'map',
    items: [{ kind: 'entry', key: DATA_KEY, value: node, keySpan: NOWHERE }],
    place: NOWHERE,
  };
}

function printWhole({ items }: MapNode): Uint8Array {
  const entry = items.find((item) => item.kind === 'entry' && item.key === DATA_KEY);
  const node = entry?.kind === 'entry' ? behindAliases(entry.value) : undefined;
  if (node?.kind === 'value' && node.value.type === 'str') return valueBytes(node.value);
  const problem =
    node === undefined ? 'no binary data found in tree' : "'data' key in tree does not have a string value";
  throw new SottoError('output-unsupported', 'the file has values, and is no single text or binary file', {
    hint: 'name the type of the result, as in --output-type yaml',
    inSops: `error emitting binary store: ${problem}\n\n${LIKELY}`,
    hasParagraphs: true,
  });
}
