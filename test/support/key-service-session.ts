import { afterEach } from 'vitest';
import { type KeyServer, startKeyServer } from './key-service.ts';
import { startSealedSession } from './sealed-session.ts';
import type { Outcome, Session } from './session.ts';

/** The plain text of a.yaml. */
export const PLAIN = 'a: 1 # one\nb: secret\n';

/** What a command that went well, and has nothing to say, looks like. */
export const DONE: Outcome = { exit: 0, stdout: '', stderr: '' };

/** What is to be done when a test is over, the last first. */
export const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A session with a.yaml, encrypted for Alice, whose key only processes of the program have. */
export async function begin(): Promise<Session> {
  const session = await startSealedSession({ 'a.yaml': PLAIN });
  ends.push(session.end);
  return session;
}

/** Start a key service in it, on the socket key.sock unless it is said where. */
export async function serve(
  session: Session,
  args: readonly string[] = ['--network', 'unix', '--address', 'key.sock'],
  environment: { readonly [name: string]: string } = {},
): Promise<KeyServer> {
  const server = await startKeyServer(session, args, { environment });
  ends.push(server.stop);
  return server;
}

/** A client without keys. */
export function ask(session: Session, uris: string, args: readonly string[]): Promise<Outcome> {
  return session.sotto(args, { environment: { SOPS_KEYSERVICE: uris } });
}

/** A client whose own keys, if it had any, are turned off. */
export function askOnly(session: Session, uri: string, args: readonly string[]): Promise<Outcome> {
  const environment = { SOPS_KEYSERVICE: uri, SOPS_ENABLE_LOCAL_KEYSERVICE: 'false' };
  return session.sotto(args, { environment });
}
