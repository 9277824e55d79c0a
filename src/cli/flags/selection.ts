import { SELECTOR_KINDS } from '../../core/sops/policy.ts';
import { type Flag, text, toggle, under } from './flag.ts';

/** Which values of a new file are encrypted. */
export const SELECTOR_FLAGS: readonly Flag[] = under('selectors', [
  ...SELECTOR_KINDS.map((kind): Flag => {
    const name = kind.replaceAll('_', '-');
    return text(name, 'PATTERN', selectorHelp(name));
  }),
  toggle('mac-only-encrypted', 'leave values in clear out of the MAC'),
]);

function selectorHelp(name: string): string {
  const [what = '', ...rest] = name.split('-');
  const how = rest.join(' ');
  if (how === 'suffix')
    return `leave ${what === 'encrypted' ? 'all but ' : ''}values below keys with this suffix in clear`;
  const where = how === 'regex' ? 'below keys that match' : 'with a comment that matches';
  return `${what === 'encrypted' ? 'encrypt only' : 'leave in clear the'} values ${where}`;
}
