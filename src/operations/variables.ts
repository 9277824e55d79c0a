import type { Warning } from '../core/splice/warning.ts';
import { plainText } from '../core/tree/plain-text.ts';
import { behindAliases, type MapNode } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';

/** Environment variables by their names. */
export type Variables = ReadonlyMap<string, string>;

/**
 * The values of a plain file as environment variables, as sops makes them: keys are names as they stand, of keys that
 * repeat the last one counts, an empty key gives no variable.
 *
 * @throws SottoError `environment-invalid` with the key for what an environment can't hold
 */
export function topLevelVariables(root: MapNode): Variables {
  const variables = new Map<string, string>();
  for (const item of root.items) {
    if (item.kind === 'comment') continue;
    const { key, value } = item;
    const node = behindAliases(value);
    if (node.kind !== 'value') {
      throw new SottoError('environment-invalid', `${key} holds several values, and a variable takes one`, {
        inSops: `cannot use complex value in environment; offending key ${key}`,
        hint: '"sotto run" makes a variable of each of them',
      });
    }
    if (key.includes('=')) {
      throw new SottoError(
        'environment-invalid',
        `the key ${key} can not be the name of a variable: it has "=" in it`,
        {
          inSops: `cannot use keys with '=' in environment: ${key}`,
          hint: 'the name of a variable ends at the first "="; rename the key',
        },
      );
    }
    const text = plainText(node.value);
    checkVariable(key, text);
    if (key !== '') variables.set(key, text);
  }
  return variables;
}

/** @param key where the variable comes from @throws SottoError `environment-invalid` */
export function checkVariable(key: string, text: string): void {
  if (!key.includes('\0') && !text.includes('\0')) return;
  throw new SottoError(
    'environment-invalid',
    `the value of ${key.replaceAll('\0', '\\0')} has a zero byte, and no variable can hold that`,
    {
      inSops: 'exec: environment variable contains NUL',
      hint: '"sotto exec-file" hands it over in a file',
    },
  );
}

/** Only the first document of a file becomes an environment. */
export function skippedDocuments(count: number): Warning[] {
  if (count < 2) return [];
  return [{ message: `only the first document is used; ${count - 1} more in the file were left out` }];
}
