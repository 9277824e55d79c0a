import { textIn } from '../entry.ts';
import type { KeyKind } from '../kind.ts';
import { digitsOf, LONG_ID_LENGTH } from './fingerprint.ts';

/** PGP keys, through the program gpg. The old `secring.gpg`, which sops looks into first, is gpg's own business here. */
export const pgp: KeyKind = {
  name: 'pgp',
  isLocal: true,
  fields: { fp: 'The fingerprint of the key.' },
  isDated: true,
  messageNumber: 2,
  flag: { name: 'pgp', short: 'p', variable: 'SOPS_PGP_FP', help: 'PGP fingerprints' },
  rule: { field: 'pgp' },
  look: { pattern: /^(?:0x)?[0-9a-f]{40}$/i, what: 'a PGP fingerprint' },
  idOf: ({ fp }) => textIn(fp),
  fieldsOf: (id) => ({ fp: id }),
  isSame,
  shortForm: (id) => (id.length > LONG_ID_LENGTH ? `…${digitsOf(id).slice(-LONG_ID_LENGTH)}` : id),
  provider: async (host) => (await import('./provider.ts')).pgpProvider(host),
};

/** Upper and lower case are one, and a long key id is the end of its fingerprint. */
function isSame(one: string, other: string): boolean {
  const [short = '', long = ''] = [digitsOf(one), digitsOf(other)].sort((a, b) => a.length - b.length);
  return short === long || (short.length === LONG_ID_LENGTH && long.endsWith(short));
}
