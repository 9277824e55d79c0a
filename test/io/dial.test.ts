import { chownSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dial } from '../../src/io/dial.ts';
import { type Session, startSession } from '../support/session.ts';

let session: Session;
beforeEach(() => {
  session = startSession();
});
afterEach(() => session.end());

// Only root can give files away.
test.runIf(process.getuid?.() === 0)('nothing is sent to a socket of another user', async () => {
  const path = session.path('key.sock');
  writeFileSync(path, '');
  chownSync(path, 12345, 12345);
  const caller = dial({ network: 'unix', path });
  await expect(caller.call('/', new Uint8Array())).rejects.toThrow('belongs to another user (12345)');
});
