import { stringOf, type Value } from '../../../core/tree/value.ts';
import { refusal } from '../error.ts';
import type { ResolvedValue } from '../scalar/resolve.ts';
import { keyInGo } from './go-key.ts';
import type { YamlNode } from './yaml-node.ts';

/**
 * What sops has of a scalar.
 *
 * @throws SottoError `encrypt-failed`, and `input-invalid` for one that does not fit its tag
 */
export function scalarValue(text: string, node: YamlNode): Value {
  const value = resolved(text, node);
  switch (value.type) {
    case 'uint':
      throw refusal(
        'encrypt-failed',
        'an integer above 9223372036854775807 has no place in sops',
        text,
        node.start,
        {
          hint: 'write it in quotes, as a string',
          inSops: 'Error encrypting tree: Error walking tree: Cannot walk value, unknown type: uint64',
        },
      );
    case 'merge':
      return { type: 'str', text: value.text };
    case 'bytes':
      return stringOf(value.bytes ?? new Uint8Array());
    default:
      return { type: value.type, text: value.text };
  }
}

/**
 * What sops has of a key.
 *
 * @param target the node itself, or that behind its alias
 * @throws SottoError as {@link scalarValue}
 */
export function keyText(text: string, node: YamlNode, target: YamlNode): string {
  let inSops: string | undefined;
  if (target.kind === 'scalar') {
    const value = resolved(text, target);
    if (value.type === 'str' || value.type === 'merge') return value.text;
    if (value.type === 'bytes') {
      const { text: own, bytes } = stringOf(value.bytes ?? new Uint8Array());
      if (bytes === undefined) return own;
    } else inSops = keyInGo(value);
  }
  throw refusal('encrypt-failed', 'a key is not a string; sops can only hold string keys', text, node.start, {
    hint: 'put the key in quotes',
    ...(inSops === undefined ? {} : { inSops }),
  });
}

function resolved(text: string, node: YamlNode): ResolvedValue {
  if (node.resolved !== undefined) return node.resolved;
  throw refusal(
    'input-invalid',
    `not valid YAML: the value does not fit its tag ${node.tag}`,
    text,
    node.start,
  );
}
