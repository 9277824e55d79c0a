import { SottoError } from '../../errors.ts';
import { canonicalInt } from './number.ts';
import type { Path } from './tree.ts';

/**
 * Read `["a"]['b'][0]`, as sops does (`parseTreePath`): nothing stands between the parts, there are no escapes, and
 * a key holds no `[`.
 *
 * @throws SottoError `path-invalid`, in sops's words
 */
export function parseSopsPath(text: string): Path {
  const path = text.split('[').flatMap((component) => (component === '' ? [] : [parseComponent(component)]));
  if (path.length === 0) throw invalid('the path is empty');
  return path;
}

function parseComponent(component: string): string | number {
  if (!component.endsWith(']')) throw invalid(`component ${component} doesn't end with ]`);
  const inner = component.slice(0, -1);
  const quote = inner.charAt(0);
  if (quote === '"' || quote === "'") {
    if (inner.length < 2 || !/["']$/.test(inner))
      throw invalid(`component ${component} has no closing quote`);
    return inner.slice(1, -1);
  }
  if (!/^\+?\d+$/.test(inner) || canonicalInt(inner) === undefined)
    throw invalid(`component ${component} is neither a quoted key nor an index`);
  return Number(inner);
}

function invalid(problem: string): SottoError {
  return new SottoError('path-invalid', `error parsing --extract path: ${problem}`, {
    hint: 'a path looks like \'["database"]["hosts"][0]\', quoted for the shell',
  });
}
