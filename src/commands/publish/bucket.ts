import type { Warning } from '../../core/splice/warning.ts';
import type { Io } from '../../io/io.ts';
import { timeoutOf } from '../../keys/service-call.ts';
import { retrying } from './retry.ts';

/** The name under which an object says what it was made of. */
export const STAMP = 'sotto-source';

/** An object as it is to be in a bucket. */
export interface BucketObject {
  readonly name: string;
  readonly text: string;
  /** What it was made of, in hex: equal stamps, equal contents. */
  readonly stamp: string;
}

/** What is in a bucket under a name; `unreadable`: it may not be read, which is no reason not to write. */
export type Held = { readonly stamp: string | undefined } | 'nothing' | 'unreadable';

/** A place for objects, at a service for them. What may pass by itself is thrown as RetryLater. */
export interface Bucket {
  urlOf(name: string): string;
  /** @throws SottoError `publish-failed`; RetryLater */
  read(name: string): Promise<Held>;
  /** @throws SottoError `publish-failed`; RetryLater */
  write(object: BucketObject): Promise<void>;
}

const RETRIES = 2;

/**
 * Put an object into a bucket, unless it is there. What may pass by itself is tried again, from the reading on: an
 * object whose upload was not answered is not uploaded twice.
 *
 * @throws SottoError `publish-failed`
 */
export async function putInto(
  bucket: Bucket,
  object: BucketObject,
  io: Io,
  warn: (warning: Warning) => void,
): Promise<'written' | 'unchanged'> {
  let isSent = false;
  return retrying({ retries: RETRIES, timeout: timeoutOf(io) }, io, async () => {
    const held = await bucket.read(object.name);
    const isThere = typeof held === 'object' && held.stamp === object.stamp;
    if (isThere) return isSent ? 'written' : 'unchanged';
    isSent = true;
    await bucket.write(object);
    if (held === 'unreadable')
      warn({
        message: `who asks may not read ${bucket.urlOf(object.name)}; it is written even if nothing has changed`,
        hint: 'with the right to read, nothing is written that is there already',
      });
    return 'written';
  });
}
