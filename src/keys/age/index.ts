import type { MetadataMap } from '../../core/sops/metadata.ts';
import { textIn } from '../entry.ts';
import type { KeyKind } from '../kind.ts';

/** age keys, with all that age takes for one: SSH keys, passphrases, plugins. */
export const age: KeyKind = {
  name: 'age',
  isLocal: true,
  fields: { recipient: 'The public key.' },
  always: ['recipient'],
  isInEveryGroup: true,
  messageNumber: 6,
  flag: { name: 'age', short: 'a', variable: 'SOPS_AGE_RECIPIENTS', help: 'age recipients' },
  rule: { field: 'age' },
  look: { pattern: /^(?:age1|ssh-(?:ed25519|rsa) )/, what: 'an age recipient' },
  idOf: ({ recipient }) => textIn(recipient),
  fieldsOf: (id): MetadataMap => ({ recipient: id }),
  isSame,
  provider: async (host) => (await import('./provider.ts')).ageProvider(host),
};

/** The comment behind an SSH key says whose it is; the key is the same with another one. */
function isSame(one: string, other: string): boolean {
  return one.startsWith('ssh-') && withoutComment(one) === withoutComment(other);
}

function withoutComment(line: string): string {
  return line
    .trim()
    .split(/[ \t]+/)
    .slice(0, 2)
    .join(' ');
}
