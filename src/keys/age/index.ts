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
  shortForm,
  commentIn: (id) => (isSshKey(id) ? partsOf(id).slice(2).join(' ') : undefined),
  provider: async (host) => (await import('./provider.ts')).ageProvider(host),
};

/** The comment behind an SSH key says whose it is; the key is the same with another one. */
function isSame(one: string, other: string): boolean {
  return isSshKey(one) && keyOf(one) === keyOf(other);
}

function isSshKey(id: string): boolean {
  return id.startsWith('ssh-');
}

function keyOf(sshKey: string): string {
  return partsOf(sshKey).slice(0, 2).join(' ');
}

/** Type, key and the words of the comment. */
function partsOf(sshKey: string): string[] {
  return sshKey.trim().split(/[ \t]+/);
}

/** Characters of a key that are shown. */
const SHOWN = 5;
const SHOWN_OF_SSH = 6;

/** `age1ahluv…`, or `ssh-ed25519 …dK3vSC`: the beginnings of SSH keys are all the same. */
function shortForm(id: string): string {
  const [type = '', key = ''] = partsOf(id);
  if (isSshKey(id)) return `${type} …${key.replace(/=+$/, '').slice(-SHOWN_OF_SSH)}`;
  if (!id.startsWith('age1')) return id;
  // What stands in front of the last 1 is the same for all keys of a type.
  const shown = id.lastIndexOf('1') + 1 + SHOWN;
  return id.length > shown ? `${id.slice(0, shown)}…` : id;
}
