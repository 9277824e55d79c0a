import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Format } from '../../src/core/splice/format.ts';
import { parseIdentities } from '../../src/keys/age/identity-file.ts';
import { Keyring } from '../../src/keys/keyring.ts';
import { NO_NAMES } from '../../src/keys/names.ts';
import { decryptSource } from '../../src/operations/decrypt.ts';
import { encryptText } from '../../src/operations/encrypt.ts';
import { encryptOnto } from '../../src/operations/encrypt-onto.ts';
import { merge } from '../../src/operations/merge/merge.ts';
import type { MergeInput } from '../../src/operations/merge/open-versions.ts';
import type { MergeResult } from '../../src/operations/merge/result.ts';
import { VECTORS } from './cases.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');

/** The recipient of all files here. */
export const RECIPIENT: string = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';

/** Opens all files here. */
export const KEYRING: Keyring = new Keyring({ identities: parseIdentities(KEY, 'alice') });

/** Times a minute apart. */
export function timeAt(minute: number): Date {
  return new Date(Date.UTC(2026, 0, 2, 3, 4 + minute, 5));
}

/** Encrypt a new file. */
export async function sealNew(
  text: string,
  format: Format,
  groups: readonly string[] = [RECIPIENT],
): Promise<string> {
  const recipients = await Promise.all(groups.map((id) => KEYRING.recipient({ kind: 'age', id })));
  const source = { text, format };
  return (await encryptText(source, { groups: [recipients], now: timeAt(0), allowNothing: true })).text;
}

/** Encrypt another version of a file. */
export async function sealOnto(
  before: string,
  text: string,
  format: Format,
  minute: number,
): Promise<string> {
  const options = { keyring: KEYRING, now: timeAt(minute), clear: true };
  return (await encryptOnto({ text: before, format }, Buffer.from(text), options)).text;
}

/** Decrypt a file; its MAC has to fit. */
export async function openAll(text: string, format: Format): Promise<string> {
  const { content } = await decryptSource({ text, format }, { keyring: KEYRING });
  return typeof content === 'string' ? content : Buffer.from(content).toString();
}

/** Merge encrypted texts. */
export function mergeTexts(
  base: string | undefined,
  ours: string,
  theirs: string,
  format: Format,
  keyring: Keyring = KEYRING,
  isNamed: () => boolean = () => true,
): Promise<MergeResult> {
  const input: MergeInput = {
    base: base === undefined ? undefined : { text: base, format },
    ours: { text: ours, format },
    theirs: { text: theirs, format },
  };
  return merge(input, { keyring, names: NO_NAMES, now: timeAt(9), isNamed });
}

/** The tokens of values and comments in a text, those of its metadata left out. */
export function tokensIn(text: string): string[] {
  return [...text.matchAll(/ENC\[AES256_GCM,[^\]]*\]/g)].flatMap(({ 0: token, index }) =>
    /(?:mac|layout)"?\W+$/.test(text.slice(Math.max(0, index - 60), index)) ? [] : [token],
  );
}
