import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from './cases.ts';
import { type Session, startSession } from './session.ts';

/** A value that no other process can have in its arguments. */
export const UNIQUE: string = `unique-${randomUUID()}`;

/** A session with the key of the vectors' Alice in `key.txt`, and files that are encrypted for her. */
export async function startSealedSession(files: { readonly [name: string]: string }): Promise<Session> {
  const session = startSession();
  const key = readFileSync(join(VECTORS, 'keys', 'age-alice.txt'), 'utf8');
  session.write('key.txt', key);
  const recipient = /age1\w+/.exec(key)?.[0] ?? '';
  for (const [name, text] of Object.entries(files)) {
    session.write(name, text);
    const { stderr } = await session.sotto(['encrypt', '-i', '--age', recipient, name]);
    if (stderr !== '') throw new Error(stderr);
  }
  return session;
}
