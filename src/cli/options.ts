import type { CreationOptions } from '../commands/recipients.ts';
import type { CommonOptions } from '../commands/settings.ts';
import type { NamedRecipient } from '../config/config.ts';
import { SELECTOR_KINDS } from '../core/sops/policy.ts';
import type { MarkupTrust } from '../core/splice/markup.ts';
import { SottoError } from '../errors.ts';
import { withSettings } from '../keys/index.ts';
import { parseServiceUri } from '../keys/service/address.ts';
import { KEY_FLAGS } from './flags/keys.ts';
import type { FlagValues } from './flags/values.ts';
import type { Context } from './verb.ts';

/** Options that most verbs have. @param program that values are handed to @throws SottoError `address-invalid`, `options-conflict` */
export function commonOptions(
  { root, flags, likeSops, warn, say, verb }: Context,
  program?: string,
): CommonOptions {
  const local = 'enable-local-keyservice';
  return {
    task: { verb, program },
    warn,
    inform: flags.boolean('verbose') ? (text) => say(`${text}\n`) : undefined,
    likeSops,
    localKeys: !flags.has(local) || flags.boolean(local),
    // In a flag a comma is part of an address, as in sops.
    keyServices: (flags.isGiven('keyservice') ? flags.all('keyservice') : flags.list('keyservice'))?.map(
      parseServiceUri,
    ),
    // In front of the verb it beats the variable, too.
    config: (flags.isGiven('config') ? flags : root).text('config'),
    indent: flags.number('indent') ?? root.number('indent'),
    inputType: flags.text('input-type'),
    outputType: flags.text('output-type'),
    decryptionOrder: flags.list('decryption-order'),
    ignoreMac: flags.boolean('ignore-mac'),
    clear: flags.boolean('clear'),
    allowNothing: flags.boolean('allow-nothing'),
    acceptFile: flags.boolean('accept-file'),
    markup: markupTrust(flags),
  };
}

function markupTrust(flags: FlagValues): MarkupTrust | undefined {
  const [isStrict, accepts] = [flags.boolean('strict'), flags.boolean('accept-markup')];
  if (isStrict && accepts) {
    throw new SottoError('options-conflict', '--strict refuses what --accept-markup takes', {
      hint: 'leave one of them out',
    });
  }
  return isStrict ? 'strict' : accepts ? 'accept' : undefined;
}

/** Options on how a new file is encrypted. */
export function creationOptions({ root, flags }: Context): CreationOptions {
  const selectors = SELECTOR_KINDS.flatMap((kind) => {
    const pattern = flags.text(kind.replaceAll('_', '-')) ?? '';
    return pattern === '' ? [] : [[kind, pattern]];
  });
  return {
    recipients: recipientFlags(flags, ''),
    selectors: Object.fromEntries(selectors),
    macOnlyEncrypted: flags.boolean('mac-only-encrypted') || root.boolean('mac-only-encrypted'),
    threshold: thresholdOf(flags),
    encryptionContext: flags.text('encryption-context'),
  };
}

/** How many key groups are to be needed; 0, as in sops, says nothing. */
export function thresholdOf(flags: FlagValues): number | undefined {
  const threshold = flags.number('shamir-secret-sharing-threshold');
  return threshold === 0 ? undefined : threshold;
}

/** Recipients that flags name, in sops's order of kinds. @param prefix `add-`, `rm-`, or nothing */
export function recipientFlags(flags: FlagValues, prefix: '' | 'add-' | 'rm-'): NamedRecipient[] {
  return KEY_FLAGS.flatMap(({ flag, kind }) => {
    const names = flags.list(`${prefix}${flag}`) ?? [];
    const context = flags.text('encryption-context') ?? '';
    const profile = flags.text('aws-profile') ?? '';
    return names.map((id) => withSettings({ kind, id }, { context, profile }));
  });
}

/** Where a result goes. */
export function outputOptions(flags: FlagValues): { inPlace: boolean; output: string | undefined } {
  const output = flags.text('output');
  return { inPlace: flags.boolean('in-place'), output: output === '' ? undefined : output };
}

/** Whether `encrypt` or `decrypt` is to work on several files in place, as sops does not. */
export function takesMany({ flags, positionals, io, likeSops }: Context): boolean {
  const [first, another] = positionals;
  if (likeSops || first === undefined || !flags.boolean('in-place')) return false;
  return another !== undefined || io.isFolder(io.absolute(first));
}

/** The one file that a verb takes, with a warning where there are more. */
export function oneFile({ positionals, warn }: Pick<Context, 'positionals' | 'warn'>): string | undefined {
  const [file, ...more] = positionals;
  if (more.length === 0) return file;
  warn({ message: 'More than one positional argument provided. Only the first one will be used!' });
  const flag = more.find((word) => word.startsWith('-') && word.length > 1);
  if (flag !== undefined) {
    warn({
      message: `Note that one of the ignored positional argument is "${flag}", which looks like a flag. Flags must always be provided before the first positional argument!`,
    });
  }
  return file;
}

/** {@link oneFile}, where there has to be one. @throws SottoError `no-file` */
export function requireOne(context: Pick<Context, 'positionals' | 'warn'>): string {
  const file = oneFile(context);
  if (file !== undefined) return file;
  throw new SottoError('no-file', 'no file was named', {
    inSops: 'Error: no file specified',
    hint: 'name it behind the flags',
  });
}
