import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Config } from '../../config/config.ts';
import { join } from '../../config/joining.ts';
import { recipientsCalled } from '../../config/leaving.ts';
import { recipientNames } from '../../config/names.ts';
import { ruleAt } from '../../config/rules.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { kindLike, type RecipientName } from '../../keys/index.ts';
import type { Keyring } from '../../keys/keyring.ts';
import { refuseSecret, refuseUnseen } from '../../keys/recipient-text.ts';
import { oneLine } from '../../text/printable.ts';
import { toolsOf } from '../settings.ts';
import {
  applyChange,
  type ChangeOptions,
  type OpenedConfig,
  openConfig,
  type PeopleResult,
} from './change.ts';
import { fetchKeys } from './fetched-keys.ts';

/** Options of `add`. */
export interface AddOptions extends ChangeOptions {
  readonly name: string;
  /** Recipients of any kind. */
  readonly recipients: readonly string[];
  /** Files with a recipient a line, as the public keys of SSH are kept. */
  readonly keyFiles: readonly string[];
  /** An address that has the public keys of somebody. It is asked once, and not written down. */
  readonly fromUrl?: string | undefined;
  /** Teams; or, where there are no people, anchors and rules. */
  readonly to: readonly string[];
  /** Called when somebody said yes, before anything is written. @param theirs all keys that are let in */
  readonly onAgreed?: ((opened: OpenedConfig, theirs: readonly RecipientName[]) => Promise<void>) | undefined;
}

/** Let somebody read what teams can read. Values are not touched. */
export async function add(options: AddOptions, io: Io): Promise<PeopleResult> {
  const { name, to, keyFiles, fromUrl } = options;
  const tools = toolsOf(io, options);
  const opened = openConfig(tools, io);
  if (to.length === 0) throw whereTo(opened, name);
  const texts = [
    ...options.recipients,
    ...keyFiles.flatMap((file) => linesOf(file, io)),
    ...(fromUrl === undefined ? [] : await fetchKeys(fromUrl, io)),
  ];
  const recipients: RecipientName[] = [];
  for (const text of texts) recipients.push(await recipientOf(text, tools.keyring, io));
  join(opened.text, name, recipients, to);
  if (opened.text.text === opened.before) return alreadyThere(opened, name, to, io);
  const names = recipientNames(opened.text.config);
  return applyChange(
    opened,
    [
      ...recipients.map((one) => `+ ${names.describe(one)}${fingerprintOf(one)}`),
      ...(fromUrl === undefined
        ? []
        : [`? these are the keys of ${fromUrl}: compare the fingerprints with ${name}`]),
      ...to.map((team) => `+ ${name} in ${team}`),
      ...severalGroups(opened.text.config, name).map(
        (rule) => `! ${name} is in several key groups of rule ${rule}, and counts for each of them`,
      ),
    ],
    [],
    names,
    {
      ...options,
      confirm: async (change, plans) => {
        const isAgreed = await options.confirm(change, plans);
        const theirs = recipients.length > 0 ? recipients : recipientsCalled(opened.config, name);
        if (isAgreed) await options.onAgreed?.(opened, theirs);
        return isAgreed;
      },
    },
    tools,
    io,
  );
}

/** The numbers of rules that somebody opens with fewer others than was meant. */
function severalGroups(config: Config, name: string): number[] {
  const names = recipientNames(config);
  return (config.rules ?? []).flatMap((_, index) => {
    const groups = ruleAt(config, index)?.groups ?? [];
    const own = groups.filter((group) => group.some((one) => names.nameOf(one) === name));
    return own.length > 1 ? [index + 1] : [];
  });
}

function whereTo({ config }: OpenedConfig, name: string): SottoError {
  const teams = config.root?.get('sotto')?.get('teams')?.entries() ?? [];
  const known = teams.map(({ key }) => oneLine(key)).join(', ');
  const hint = `sotto add ${oneLine(name)} age1… --to TEAM${known === '' ? '' : `; the teams are ${known}`}`;
  return new SottoError('usage', 'add was not told where to', { exit: 2, hint });
}

/** Nothing is to be written; whether the files are as the rules say is another question. */
function alreadyThere({ config }: OpenedConfig, name: string, to: readonly string[], io: Io): PeopleResult {
  const says = [`${name} is in ${to.join(', ')} already; "sotto sync" does what is left to do in files`];
  return {
    file: relative(io.folder, config.path),
    says,
    unruled: [],
    results: [],
    isWritten: false,
    isNeeded: false,
  };
}

/** Of a key of SSH, as `ssh-keygen -l` shows it; of others, nothing. */
function fingerprintOf({ id }: RecipientName): string {
  const [type = '', key = ''] = id.split(' ');
  if (!type.startsWith('ssh-')) return '';
  const hash = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `, SHA256:${hash.replace(/=+$/, '')}`;
}

/** @throws SottoError `recipient-invalid` */
async function recipientOf(text: string, keyring: Keyring, io: Io): Promise<RecipientName> {
  refuseSecret(text);
  refuseUnseen(text);
  const kind = kindLike(text);
  if (kind === undefined)
    throw new SottoError('recipient-invalid', 'this looks like no recipient of any kind', {
      hint: io.exists(io.absolute(text))
        ? `a file with public keys is named with --key-file: --key-file ${oneLine(text)}`
        : 'name an age recipient, an SSH public key, a PGP fingerprint, or the key of a service, such as an ARN',
    });
  const { id } = await keyring.recipient({ kind: kind.name, id: text.trim() });
  return { kind: kind.name, id };
}

/** The recipients of a file: comments and blank lines are none. @throws SottoError `recipient-invalid` */
function linesOf(file: string, io: Io): string[] {
  const text = Buffer.from(io.read(io.absolute(file))).toString('utf8');
  if (text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----'))
    throw new SottoError('recipient-invalid', 'a PGP key is named by its fingerprint', {
      file,
      hint: `gpg --show-keys ${oneLine(file)} prints it, and gpg --import ${oneLine(file)} lets gpg encrypt for it`,
    });
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length > 0) return lines;
  throw new SottoError('recipient-invalid', 'no recipient stands in this file', {
    file,
    hint: 'it has a public key a line, as ~/.ssh/id_ed25519.pub has',
  });
}
