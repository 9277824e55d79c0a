import type { Recipient } from '../keys/kind.ts';
import { rotateText } from '../operations/rotate.ts';
import { type KeyPlan, planKeys, updateKeysText } from '../operations/update-keys.ts';
import { type ChangeOptions, changing } from './change.ts';
import { groupsOf, type KeyOptions, keyringOf, type Recipients, recipientsOf } from './keys.ts';
import { type Result, sourceOf, type TextOptions } from './text.ts';
import { speaking, warningsOf } from './words.ts';

/**
 * Settings of {@link rotate}.
 *
 * @example
 * const options: RotateOptions = { ...keys, add: [other] };
 * (await rotate(encrypted, options)).changed; // true
 */
export interface RotateOptions extends ChangeOptions {
  /** Recipients that join. */
  readonly add?: readonly (string | Recipient)[] | undefined;
  /** Recipients that go. */
  readonly remove?: readonly (string | Recipient)[] | undefined;
}

/**
 * Give an encrypted text a new data key; every value is encrypted anew.
 *
 * @throws SottoError as `decrypt`, and `no-recipients` if none is left
 *
 * @example
 * const { text } = await rotate(encrypted, { ...keys, add: [other], remove: [recipient] });
 * (await decrypt(text, { format: 'yaml', identities: otherIdentity })).text; // 'password: hunter2\n'
 */
export async function rotate(text: string, options: RotateOptions): Promise<Result> {
  const { add = [], remove = [] } = options;
  return changing(text, options, async (source, settings) =>
    rotateText(source, {
      ...settings,
      add: await recipientsOf(add),
      remove: await recipientsOf(remove),
    }),
  );
}

/**
 * Settings of {@link updateKeys}.
 *
 * @example
 * const options: UpdateKeysOptions = { ...keys, recipients: [recipient] };
 * (await updateKeys(encrypted, options)).changed; // false
 */
export interface UpdateKeysOptions extends TextOptions, KeyOptions {
  /** The recipients that the file shall have, and no others. */
  readonly recipients: Recipients;
  /** Spaces of indentation of the metadata. */
  readonly indent?: number | undefined;
}

/**
 * Give an encrypted text other recipients. The data key stays: who had it can still open older versions, and this
 * one; `rotate` and new secrets are the way to shut somebody out.
 *
 * @throws SottoError as `decrypt`, and `no-recipients`
 *
 * @example
 * const { text } = await updateKeys(encrypted, { ...keys, recipients: [recipient, other] });
 * (await decrypt(text, { format: 'yaml', identities: otherIdentity })).text; // 'password: hunter2\n'
 */
export async function updateKeys(text: string, options: UpdateKeysOptions): Promise<Result> {
  return speaking('text', async () => {
    const source = await sourceOf(text, options);
    const wanted = await groupsOf(options.recipients);
    if (!planKeys(source, wanted).changed) return { text, changed: false, warnings: [] };
    const updated = await updateKeysText(source, wanted, {
      keyring: keyringOf(options),
      indent: options.indent,
    });
    return { text: updated.text, changed: true, warnings: warningsOf(updated.warnings, 'text') };
  });
}

/**
 * What {@link updateKeys} would change; needs no key.
 *
 * @throws SottoError `metadata-missing`, `input-invalid`
 *
 * @example
 * const plan: KeyPlan = await compareKeys(encrypted, [other], { format: 'yaml' });
 * plan.groups[0]?.map(({ change }) => change); // ['added', 'removed']
 */
export async function compareKeys(
  text: string,
  recipients: Recipients,
  options: TextOptions,
): Promise<KeyPlan> {
  return speaking('text', async () => planKeys(await sourceOf(text, options), await groupsOf(recipients)));
}
