import { createHash } from 'node:crypto';
import type { CreationRule } from '../../config/config.ts';
import type { Warning } from '../../core/splice/warning.ts';
import type { Io } from '../../io/io.ts';
import { readEncrypted, type Source } from '../../operations/open.ts';
import { recreatedText } from '../../operations/recreate.ts';
import { type KeyPlan, planKeys } from '../../operations/update-keys.ts';
import { recipientsOf } from '../recipients.ts';
import { type CommonOptions, indentFor, type Tools } from '../settings.ts';
import { readSource } from '../source.ts';

/** An encrypted file as it is published. */
export interface Copy {
  readonly text: string;
  /** What it is made of, in hex: the file, and how the copy is encrypted. */
  readonly stamp: string;
  /** Whom the copy has and the file has not, and the other way round; `undefined` where it is the file itself. */
  readonly plan: KeyPlan | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * The encrypted file, for which no key is needed; with a rule that names recipients, a copy that is encrypted anew for
 * these.
 *
 * @throws SottoError those of reading an encrypted file; `recipient-invalid`; those of opening and encrypting
 */
export async function copyOf(
  file: string,
  rule: CreationRule | undefined,
  options: CommonOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<Copy> {
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'update');
  readEncrypted(source);
  const { text, warnings } = source;
  // sops decides by the first group.
  if (rule === undefined || rule.groups[0]?.length === 0)
    return { text, stamp: stampOf(source, []), plan: undefined, warnings };
  const groups = await recipientsOf(rule.groups, keyring);
  const { threshold, selector, macOnlyEncrypted } = rule;
  const names = groups.map((group) => group.map(({ kind, id }) => `${kind} ${id}`).sort());
  const copy = await recreatedText(source, {
    keyring,
    groups,
    threshold,
    selector,
    macOnlyEncrypted,
    now: io.now(),
    indent: indentFor(options, configurations.for(io.absolute(file)), source.format.name),
  });
  return {
    text: copy.text,
    stamp: stampOf(source, [names, threshold, selector, macOnlyEncrypted]),
    plan: planKeys(source, { groups, threshold }),
    warnings: [...warnings, ...copy.warnings],
  };
}

function stampOf({ text }: Source, terms: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([text, ...terms]))
    .digest('hex');
}
