import type { WantedPath } from '../core/tree/find-path.ts';
import { SottoError } from '../errors.ts';

/**
 * Where a value stands: keys and indices from the top, or the same as a text, `a.b[0]` or as in sops `["a"]["b"][0]`.
 * Where a file has keys with dots, a text could mean two values, which is an error; keys and indices mean one.
 *
 * @example
 * const path: ValuePath = ['hosts', 0];
 * (await decrypt(hosts, { ...keys, extract: path })).text; // 'db.example'
 * (await decrypt(hosts, { ...keys, extract: 'hosts[0]' })).text; // 'db.example'
 */
export type ValuePath = string | readonly (string | number)[];

/** @throws SottoError `path-invalid` */
export function pathOf(path: ValuePath): WantedPath {
  if (typeof path === 'string') return { written: path };
  const wrong = path.find((step) => typeof step !== 'string' && !(Number.isSafeInteger(step) && step >= 0));
  if (path.length > 0 && wrong === undefined) return path;
  const problem = path.length === 0 ? 'it is empty' : `${String(wrong)} is neither a key nor an index`;
  throw new SottoError('path-invalid', `the path can not be used: ${problem}`, {
    hint: `a path looks like ['database', 'hosts', 0]`,
  });
}
