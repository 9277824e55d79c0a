import { randomBytes, scrypt } from 'node:crypto';
import { armor } from './armor.ts';
import { type AgeFile, openAgeFile, sealAgeFile } from './file.ts';
import { type FileKeyUnwrapper, newFileKey, once, openFileKey, sealFileKey } from './file-key.ts';
import type { AgeKey } from './identity.ts';
import { AgeError, fromUnpadded, type Stanza, toUnpadded } from './stanza.ts';

// The scrypt recipient type: a passphrase (C2SP age.md).
const STANZA = 'scrypt';
const LABEL = 'age-encryption.org/v1/scrypt';
const SALT_LENGTH = 16;
const BLOCK_SIZE = 8;
/** 2^22 takes 4 GiB of memory, and a quarter of a minute; age goes no further either (age `scrypt.go`, maxWorkFactor). */
const MAX_WORK_FACTOR = 22;
/** About a second of work (age `scrypt.go`, NewScryptRecipient). */
const WORK_FACTOR = 18;

/** Whether a file is protected with a passphrase. */
export function hasPassphrase(stanzas: readonly Stanza[]): boolean {
  return stanzas.some(({ type }) => type === STANZA);
}

/**
 * Unwraps file keys with a passphrase, which is asked for when there is something to open. A stanza that a passphrase
 * opens must be alone: whoever knows it takes the file to be from somebody who knows it too.
 */
export function scryptUnwrapper(passphrase: () => Promise<string>): FileKeyUnwrapper {
  return {
    async unwrap(stanzas) {
      const stanza = stanzas.find(({ type }) => type === STANZA);
      if (stanza === undefined) return null;
      if (stanzas.length !== 1)
        throw new AgeError('header', 'a passphrase stands beside other recipients in the age header');
      const { salt, workFactor } = parse(stanza);
      const key = await derive(await passphrase(), salt, workFactor);
      return (await openFileKey(key, stanza.body)) ?? null;
    },
  };
}

/** A text protected with a passphrase, as an armored age file: what `age -p -a` writes. */
export async function protect(text: string, passphrase: string): Promise<string> {
  const fileKey = newFileKey();
  const salt = randomBytes(SALT_LENGTH);
  const body = await sealFileKey(await derive(passphrase, salt, WORK_FACTOR), fileKey);
  const stanza = { type: STANZA, args: [toUnpadded(salt), String(WORK_FACTOR)], body };
  return armor(await sealAgeFile(Buffer.from(text), { fileKey, stanzas: [stanza] }));
}

function parse({ args }: Stanza): { readonly salt: Uint8Array; readonly workFactor: number } {
  const [text = '', work = ''] = args;
  const salt = args.length === 2 ? fromUnpadded(text) : undefined;
  if (salt?.length !== SALT_LENGTH || !/^[1-9][0-9]*$/.test(work))
    throw new AgeError('header', 'the passphrase part of the age header is damaged');
  const workFactor = Number(work);
  if (workFactor > MAX_WORK_FACTOR) {
    throw new AgeError(
      'header',
      `the passphrase takes too much work to check: scrypt's work factor is ${work}, and ${MAX_WORK_FACTOR} is the most`,
    );
  }
  return { salt, workFactor };
}

function derive(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Uint8Array> {
  const N = 2 ** workFactor;
  const options = { N, r: BLOCK_SIZE, p: 1, maxmem: 128 * BLOCK_SIZE * (N + 8) };
  return new Promise((accept, refuse) => {
    scrypt(passphrase, Buffer.concat([Buffer.from(LABEL), salt]), 32, options, (error, key) => {
      // Without an error it is null in Node, and nothing in bun.
      if (error) refuse(new Error(`the passphrase could not be checked: ${error.message}`));
      else accept(key);
    });
  });
}

/**
 * The identities in a file that is protected with a passphrase. It is asked for when the first of them is needed, and
 * once.
 *
 * @param parse reads the identities in what was protected
 * @throws Error when it is protected otherwise than with a passphrase
 */
export function passphraseIdentity(
  file: AgeFile,
  passphrase: () => Promise<string>,
  parse: (text: string) => readonly AgeKey[],
): AgeKey {
  if (!hasPassphrase(file.stanzas))
    throw new Error('it is encrypted, but not with a passphrase; decrypt it with age first');
  const keys = once(async () => {
    const opened = await openAgeFile(file, scryptUnwrapper(passphrase));
    if (opened === null) throw new Error('the passphrase is wrong');
    const text = Buffer.from(opened).toString('utf8');
    opened.fill(0);
    return parse(text);
  });
  return {
    asks: true,
    recipients: async () => {
      const all = await Promise.all((await keys()).map((key) => key.recipients()));
      return all.flat();
    },
    describe: async () => 'protected with a passphrase',
    async unwrap(stanzas) {
      for (const key of await keys()) {
        const fileKey = await key.unwrap(stanzas);
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}
