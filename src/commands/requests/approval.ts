import type { Config } from '../../config/config.ts';
import { namesRecipient } from '../../config/names.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { RecipientName } from '../../keys/index.ts';
import { sha256 } from './age-proof.ts';
import { ownPgpKeys, signWithPgp } from './pgp-proof.ts';
import { type AccessRequest, type Signature, signedText } from './request-file.ts';
import { ownSshKeys, signWithSsh } from './ssh-proof.ts';

/** What somebody signs who grants a request. */
export function approvalText(request: AccessRequest): string {
  return `sotto approval v1\nrequest ${sha256(signedText(request))}\n`;
}

/** A signature, or why there is none; neither where no key is here that could sign. */
export type Signed = { readonly signature?: Signature; readonly problem?: SottoError };

/**
 * Sign that a request was granted, with a key of this machine that a configuration names, so that a pipeline sees
 * without any key that somebody of the team did it. A key of age does not sign.
 */
export async function signApproval(request: AccessRequest, config: Config, io: Io): Promise<Signed> {
  const text = approvalText(request);
  const all: (RecipientName & { sign(): Promise<Signature> })[] = [];
  for (const id of await ownSshKeys(io))
    all.push({
      kind: 'age',
      id,
      sign: async () => ({ kind: 'ssh', signature: await signWithSsh(text, id, io) }),
    });
  for (const id of await ownPgpKeys(io))
    all.push({ kind: 'pgp', id, sign: async () => ({ kind: 'pgp', ...(await signWithPgp(text, id, io)) }) });
  let problem: SottoError | undefined;
  for (const { kind, id, sign } of all) {
    if (!namesRecipient(config, { kind, id })) continue;
    try {
      return { signature: await sign() };
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      problem = error;
    }
  }
  return problem === undefined ? {} : { problem };
}
