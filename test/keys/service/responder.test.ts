import { expect, test } from 'vitest';
import { Keyring } from '../../../src/keys/keyring.ts';
import { ENCRYPT, writeRequest } from '../../../src/keys/service/messages.ts';
import { Responder } from '../../../src/keys/service/responder.ts';
import { RECIPIENTS } from '../../support/terminal.ts';

const RECIPIENT = RECIPIENTS['ALICE'] ?? '';

test.each([true, undefined])('who has gone before the answer %s gets nothing', async (answer) => {
  const caller = new AbortController();
  const lines: string[] = [];
  const responder = new Responder({
    keyring: new Keyring({}),
    confirm: async () => {
      caller.abort();
      return answer;
    },
    report: (line) => lines.push(line),
  });
  const request = writeRequest({ kind: 'age', fields: { recipient: RECIPIENT } }, new Uint8Array(32));
  expect(await responder.methods[ENCRYPT]?.(request, caller.signal)).toEqual({
    status: 'cancelled',
    reason: 'whoever asked has gone',
  });
  expect(lines).toEqual([`encrypt request using age key ${RECIPIENT}: whoever asked has gone`]);
});
