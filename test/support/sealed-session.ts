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
  session.write('key.txt', readFileSync(join(VECTORS, 'keys', 'age-alice.txt')));
  await seal(session, files);
  return session;
}

/** More files in such a session; no rule counts for them. */
export async function seal(
  session: Session,
  files: { readonly [name: string]: string | Uint8Array },
): Promise<void> {
  const recipient = /age1\w+/.exec(session.read('key.txt'))?.[0] ?? '';
  for (const [name, content] of Object.entries(files)) {
    session.write(name, content);
    const line = ['encrypt', '-i', '--age', recipient, '--config', '/dev/null', name];
    const { stderr } = await session.sotto(line);
    if (stderr !== '') throw new Error(stderr);
  }
}
