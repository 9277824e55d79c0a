import { type Cipher, IV_LENGTH, type Plaintext } from '../sops/cipher.ts';
import { ENCODED_IV, tokenParts } from '../sops/token.ts';
import { sealedComment } from './comment.ts';
import type { OpenedLeaves } from './opened-leaves.ts';

/**
 * The IVs that tokens of a file keep when it gets a new data key, as in sops: an equal IV shows then, without a key, that
 * a value is what it was. Under one key, an IV may stand for one text only, or both can be read from each other; so one
 * that stands for several AADs or texts is not kept, wherever it came from, nor are several of one text, which would make
 * tokens equal that were not.
 */
export class KeptIvs {
  /** By AAD, type and text; `undefined` for what gets a new one. */
  readonly #ivs = new Map<string, string | undefined>();

  /** @param cipher of the key that goes: what it makes of a text again shows that the text is what the token held */
  constructor(opened: OpenedLeaves, cipher: Cipher) {
    const keys = new Map<string, string>();
    const { leaves } = opened;
    for (let index = 0; index < opened.length; index += 1) {
      if (!opened.isSealed(index) || leaves.isAliased(index)) continue;
      const token = opened.token(index);
      const iv = ivOf(token);
      if (iv === undefined) continue;
      const plain = opened.plain(index);
      const aad = leaves.aad(index);
      const sealed =
        'comment' in plain ? { comment: sealedComment(plain.comment, leaves.isInList(index)) } : plain;
      const key = keyOf(sealed, aad);
      const earlier = keys.get(iv);
      const isOwn = (earlier ?? key) === key && (this.#ivs.get(key) ?? iv) === iv && !this.#isGone(key);
      // Also one that may not be kept stands for its text: another one with it may not be kept either.
      keys.set(iv, key);
      if (!isOwn && earlier !== undefined) this.#ivs.set(earlier, undefined);
      this.#ivs.set(key, isOwn && isExactly(token, iv, sealed, aad, cipher) ? iv : undefined);
    }
  }

  /** The IV for a text; `undefined` for a new one. */
  ivFor(plain: Plaintext, aad: string): Uint8Array | undefined {
    const iv = this.#ivs.get(keyOf(plain, aad));
    return iv === undefined ? undefined : Buffer.from(iv, 'base64');
  }

  #isGone(key: string): boolean {
    return this.#ivs.has(key) && this.#ivs.get(key) === undefined;
  }
}

/** The IV of a token in base64, in the one way in which its bytes can be written; `undefined` for one of another length. */
function ivOf(token: string): string | undefined {
  const parts = tokenParts(token, 0, token.length);
  if (parts === undefined) return undefined;
  const bytes = Buffer.from(token.slice(parts.iv, parts.iv + ENCODED_IV), 'base64');
  return bytes.length === IV_LENGTH ? bytes.toString('base64') : undefined;
}

/** Whether a token holds the bytes of a text: `TRUE` and `1` are read as `True`. */
function isExactly(token: string, iv: string, plain: Plaintext, aad: string, cipher: Cipher): boolean {
  if ('comment' in plain) return cipher.encrypt(plain, aad, Buffer.from(iv, 'base64')) === token;
  if (plain.bytes !== undefined || (plain.type === 'float' && plain.text === 'NaN')) return false;
  return plain.type === 'str' || cipher.encrypt(plain, aad, Buffer.from(iv, 'base64')) === token;
}

function keyOf(plain: Plaintext, aad: string): string {
  if ('comment' in plain) return `${aad.length}:${aad}comment:${plain.comment}`;
  const { type, bytes, text } = plain;
  return `${aad.length}:${aad}${bytes === undefined ? type : 'bytes'}:${bytes === undefined ? text : Buffer.from(bytes).toString('hex')}`;
}
