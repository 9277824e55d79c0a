import { describe, expect, test } from 'vitest';
import type { Flag } from '../../src/cli/flags/flag.ts';
import { OLD_STYLE } from '../../src/cli/old-style.ts';
import { flagsOf } from '../../src/cli/verb.ts';
import { allVerbs } from '../../src/cli/verbs/index.ts';

/** Commands of sops, as the table below has them; `O` is the old style, without one. */
const COMMANDS: { readonly [letters: string]: string } = {
  E: 'encrypt',
  D: 'decrypt',
  R: 'rotate',
  Ed: 'edit',
  S: 'set',
  U: 'unset',
  XE: 'exec-env',
  XF: 'exec-file',
  UK: 'updatekeys',
  P: 'publish',
  KS: 'keyservice',
  FS: 'filestatus',
  GA: 'groups add',
  GD: 'groups delete',
  O: 'root',
};

/** Flags of sops 3.13.2: names, kind, commands, variable. */
const SOPS = `
in-place,i                      | boolean | E D R GA GD O
output                          | text    | E D R O
input-type                      | text    | E D R Ed S U XF FS UK O
output-type                     | text    | E D R Ed S U XF O
filename-override               | text    | E D R O
extract                         | text    | D O
ignore-mac                      | boolean | D Ed S U O
decryption-order                | text    | D R Ed S U XE XF P O | SOPS_DECRYPTION_ORDER
enable-local-keyservice         | boolean | E D R Ed S U XE XF UK P GA GD O | SOPS_ENABLE_LOCAL_KEYSERVICE
keyservice                      | text    | E D R Ed S U XE XF UK P GA GD O | SOPS_KEYSERVICE
age,a                           | text    | E Ed O | SOPS_AGE_RECIPIENTS
pgp,p                           | text    | E Ed O | SOPS_PGP_FP
kms,k                           | text    | E Ed O | SOPS_KMS_ARN
gcp-kms                         | text    | E Ed O | SOPS_GCP_KMS_IDS
hckms                           | text    | E Ed O | SOPS_HUAWEICLOUD_KMS_IDS
azure-kv                        | text    | E Ed O | SOPS_AZURE_KEYVAULT_URLS
hc-vault-transit                | text    | E Ed O | SOPS_VAULT_URIS
age                             | text    | GA
pgp                             | text    | GA
kms                             | text    | GA
gcp-kms                         | text    | GA
hckms                           | text    | GA
azure-kv                        | text    | GA
hc-vault-transit                | text    | GA
aws-profile                     | text    | E Ed GA O
encryption-context              | text    | E R Ed GA O
unencrypted-suffix              | text    | E Ed O
encrypted-suffix                | text    | E Ed O
unencrypted-regex               | text    | E Ed O
encrypted-regex                 | text    | E Ed O
unencrypted-comment-regex       | text    | O
encrypted-comment-regex         | text    | O
mac-only-encrypted              | boolean | O
shamir-secret-sharing-threshold | number  | E Ed GA GD S U O
show-master-keys,s              | boolean | Ed O
add-age                         | text    | R O
add-pgp                         | text    | R O
add-kms                         | text    | R O
add-gcp-kms                     | text    | R O
add-hckms                       | text    | R O
add-azure-kv                    | text    | R O
add-hc-vault-transit            | text    | R O
rm-age                          | text    | R O
rm-pgp                          | text    | R O
rm-kms                          | text    | R O
rm-gcp-kms                      | text    | R O
rm-hckms                        | text    | R O
rm-azure-kv                     | text    | R O
rm-hc-vault-transit             | text    | R O
set                             | text    | O
idempotent                      | boolean | S U
value-file                      | boolean | S
value-stdin                     | boolean | S
yes,y                           | boolean | UK P
omit-extensions                 | boolean | P
recursive                       | boolean | P
background                      | boolean | XE XF
user                            | text    | XE XF
pristine                        | boolean | XE
same-process                    | boolean | XE
no-fifo                         | boolean | XF
filename                        | text    | XF
file,f                          | text    | GA GD
network,net                     | text    | KS
address,addr                    | text    | KS
prompt                          | boolean | KS
config                          | text    | O | SOPS_CONFIG
indent                          | number  | O
verbose                         | boolean | O P KS
decrypt,d                       | boolean | O
encrypt,e                       | boolean | O
rotate,r                        | boolean | O
disable-version-check           | boolean | O | SOPS_DISABLE_VERSION_CHECK
check-for-updates               | boolean | O
version,v                       | boolean | O
help,h                          | boolean | E D R Ed S U XE XF UK P KS FS GA GD O
`;

/** Flags that commands have here on top, and why. */
const ON_TOP: { readonly [flag: string]: string } = {
  onto: 'encrypt',
  strict: 'all that read how a file is written',
  'accept-markup': 'all that read how a file is written',
  check: 'rotate updatekeys',
  'allow-remote': 'keyservice',
  json: 'all that report something',
  config: 'behind the verb, too',
  indent: 'behind the verb, too',
  'mac-only-encrypted': 'behind the verb, too',
  'unencrypted-comment-regex': 'with the verbs, too',
  'encrypted-comment-regex': 'with the verbs, too',
  'decryption-order': 'updatekeys and groups open files as well',
  'input-type': 'groups read files as well',
  'accept-file': 'all that hold a file against its rule',
  selector: 'updatekeys',
  stdin: 'set',
  'keep-key': 'exec-env exec-file',
  file: 'exec-env',
  'allow-special': 'exec-env',
  'include-clear': 'exec-env',
  clear: 'set edit and encrypt --onto',
  'allow-nothing': 'encrypt',
  'ignore-mac': 'rotate, too',
  'shamir-secret-sharing-threshold': 'updatekeys changes it when asked to',
};

interface Row {
  readonly place: string;
  readonly names: readonly string[];
  readonly kind: string;
  readonly variable: string | undefined;
}

const ROWS: readonly Row[] = SOPS.trim()
  .split('\n')
  .flatMap((line) => {
    const [names = '', kind = '', places = '', variable] = line.split('|').map((cell) => cell.trim());
    return places
      .split(' ')
      .map((letters) => ({ place: COMMANDS[letters] ?? letters, names: names.split(','), kind, variable }));
  });

const PLACES = new Map(
  [{ ...OLD_STYLE, name: 'root' }, ...(await allVerbs())].map((verb) => [verb.name, flagsOf(verb)]),
);

function kindOf({ kind }: Flag): string {
  return kind === 'list' ? 'text' : kind;
}

describe.each([...PLACES].filter(([place]) => ROWS.some((row) => row.place === place)))(
  'the flags of %s',
  (place, flags) => {
    test('are those of sops, with their letters and variables', () => {
      const own = new Map(flags.map((flag) => [flag.name, flag]));
      const wanted = ROWS.filter((row) => row.place === place);
      const found = wanted.map(({ names: [name = ''] }): Row => {
        const flag = own.get(name);
        if (flag === undefined) return { place, names: [], kind: '', variable: undefined };
        const other = flag.short ?? flag.alias;
        const names = other === undefined ? [name] : [name, other];
        return { place, names, kind: kindOf(flag), variable: flag.variable };
      });
      expect(found).toEqual(wanted);
    });

    test('and others only where that is known', () => {
      const known = ROWS.filter((row) => row.place === place).flatMap(({ names }) => names);
      const more = flags.filter(({ name }) => !known.includes(name) && ON_TOP[name] === undefined);
      expect(more.map(({ name }) => name)).toEqual([]);
    });
  },
);
