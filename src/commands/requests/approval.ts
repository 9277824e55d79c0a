import type { Config } from '../../config/config.ts';
import { namesRecipient } from '../../config/names.ts';
import { attemptAsync } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { sha256 } from './age-proof.ts';
import { ownPgpKeys, signWithPgp } from './pgp-proof.ts';
import { type AccessRequest, type Signature, signedText } from './request-file.ts';
import { ownSshKeys, signWithSsh } from './ssh-proof.ts';

/** What somebody signs who grants a request. */
export function approvalText(request: AccessRequest): string {
  return `sotto approval v1\nrequest ${sha256(signedText(request))}\n`;
}

/**
 * Sign that a request was granted, with a key of this machine that a configuration names, so that a pipeline sees
 * without any key that somebody of the team did it.
 *
 * @returns `undefined` where there is none that signs: a key of age does not
 */
export async function signApproval(
  request: AccessRequest,
  config: Config,
  io: Io,
): Promise<Signature | undefined> {
  const text = approvalText(request);
  for (const id of await ownSshKeys(io)) {
    if (!namesRecipient(config, { kind: 'age', id })) continue;
    const signature = await attemptAsync(() => signWithSsh(text, id, io));
    if (signature !== undefined) return { kind: 'ssh', signature };
  }
  for (const id of await ownPgpKeys(io)) {
    if (!namesRecipient(config, { kind: 'pgp', id })) continue;
    const signed = await attemptAsync(() => signWithPgp(text, id, io));
    if (signed !== undefined) return { kind: 'pgp', ...signed };
  }
  return undefined;
}
