import { type Flag, MAKERS } from './flag.ts';

/** Selectors that have a flag with each verb that makes files; those on comments only exist in the old style. */
export const SELECTOR_FLAGS = [
  'unencrypted-suffix',
  'encrypted-suffix',
  'unencrypted-regex',
  'encrypted-regex',
] as const;
export const COMMENT_SELECTOR_FLAGS = ['unencrypted-comment-regex', 'encrypted-comment-regex'] as const;

/** Which values of a new file are encrypted. */
export const SELECTION_FLAGS: readonly Flag[] = [
  ...[...SELECTOR_FLAGS, ...COMMENT_SELECTOR_FLAGS].map(
    (name): Flag => ({ name, kind: 'text', value: 'PATTERN', help: selectorHelp(name), places: MAKERS }),
  ),
  {
    name: 'mac-only-encrypted',
    kind: 'boolean',
    help: 'leave values in clear out of the MAC',
    places: MAKERS,
  },
];

function selectorHelp(name: string): string {
  const [what = '', ...rest] = name.split('-');
  const how = rest.join(' ');
  if (how === 'suffix')
    return `leave ${what === 'encrypted' ? 'all but ' : ''}values below keys with this suffix in clear`;
  const where = how === 'regex' ? 'below keys that match' : 'with a comment that matches';
  return `${what === 'encrypted' ? 'encrypt only' : 'leave in clear the'} values ${where}`;
}
