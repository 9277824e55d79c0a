import { describe, expect, test } from 'vitest';
import {
  type KeyName,
  readKey,
  readRequest,
  readResponse,
  writeKey,
  writeRequest,
  writeResponse,
} from '../../../src/keys/service/messages.ts';
import { readMessage, writeMessage } from '../../../src/keys/service/wire.ts';
import fc from '../../support/laws.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** Requests that sops 3.13.2 sends to a key service, with the key that each names. */
const REQUESTS: readonly (readonly [key: KeyName, content: string, request: string])[] = [
  [
    {
      kind: 'kms',
      fields: {
        arn: 'arn:aws:kms:eu-west-1:123456789012:key/818b',
        role: 'arn:aws:iam::123456789012:role/r',
        context: { App: 'web' },
        aws_profile: 'work',
      },
    },
    '88b2809a1430a8f28f90216c86bd92b6d6343804bbb93755f4746b4b38219e7b',
    '0a630a610a2b61726e3a6177733a6b6d733a65752d776573742d313a3132333435363738393031323a6b65792f38313862122061726e3a6177733a69616d3a3a3132333435363738393031323a726f6c652f721a0a0a0341707012037765622204776f726b122088b2809a1430a8f28f90216c86bd92b6d6343804bbb93755f4746b4b38219e7b',
  ],
  [
    { kind: 'pgp', fields: { fp: '306ED035E2561CD2A86B9A9C38870239D9C2D972' } },
    'f911080e2d3f31c2d0bc8d0f788c10af229d011ac24e3e0500867df2b2884720',
    '0a2c122a0a28333036454430333545323536314344324138364239413943333838373032333944394332443937321220f911080e2d3f31c2d0bc8d0f788c10af229d011ac24e3e0500867df2b2884720',
  ],
  [
    { kind: 'gcp_kms', fields: { resource_id: 'projects/p/locations/global/keyRings/r/cryptoKeys/k' } },
    '6695297ddbda615164097fb4d21e11c23f4bd500fceb31bbe4240baf95e34856',
    '0a371a350a3370726f6a656374732f702f6c6f636174696f6e732f676c6f62616c2f6b657952696e67732f722f63727970746f4b6579732f6b12206695297ddbda615164097fb4d21e11c23f4bd500fceb31bbe4240baf95e34856',
  ],
  [
    {
      kind: 'azure_kv',
      fields: { vault_url: 'https://v.vault.azure.net', name: 'k', version: '0123' },
    },
    '99cc447ccc2a43a5cd83ccd475f7730a050b1b0bb0210d580b30e0910d459466',
    '0a2622240a1968747470733a2f2f762e7661756c742e617a7572652e6e657412016b1a0430313233122099cc447ccc2a43a5cd83ccd475f7730a050b1b0bb0210d580b30e0910d459466',
  ],
  [
    {
      kind: 'hc_vault',
      fields: {
        vault_address: 'https://vault.example.com:8200',
        engine_path: 'team/transit',
        key_name: 'k',
      },
    },
    'bd2860d74b69975f84e8230325b804a11d8f267a14656597ad61a3659d10aa88',
    '0a332a310a1e68747470733a2f2f7661756c742e6578616d706c652e636f6d3a38323030120c7465616d2f7472616e7369741a016b1220bd2860d74b69975f84e8230325b804a11d8f267a14656597ad61a3659d10aa88',
  ],
  [
    {
      kind: 'age',
      fields: { recipient: 'age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrl' },
    },
    'd5e6ecaa510d61ea93e4dac3f0190b701cd35b4d2c02519ae4831c8548a30975',
    '0a4232400a3e616765316e787138376b7471636d706a7378376d647735667473666d7579347a346477377935737a306b6161387938396c786e6d737530717a327174726c1220d5e6ecaa510d61ea93e4dac3f0190b701cd35b4d2c02519ae4831c8548a30975',
  ],
  [
    { kind: 'hckms', fields: { key_id: 'eu-west-101:11111111-2222-3333-4444-555555555555' } },
    'd538001741cb2bdfdb200fdaba50968095f48ee3bfc92b6e5ff2fb445bc39a82',
    '0a343a320a3065752d776573742d3130313a31313131313131312d323232322d333333332d343434342d3535353535353535353535351220d538001741cb2bdfdb200fdaba50968095f48ee3bfc92b6e5ff2fb445bc39a82',
  ],
];

describe.each(REQUESTS.map(([key, content, request]) => ({ kind: key.kind, key, content, request })))(
  'a request of sops for $kind',
  ({ key, content, request }) => {
    test('is what is written here', () => {
      expect(hex(writeRequest(key, bytes(content)))).toBe(request);
    });

    test('is read', () => {
      const read = readRequest(bytes(request));
      expect(read.key).toEqual(key);
      expect(hex(read.content)).toBe(content);
    });
  },
);

test('a response has its bytes in field 1', () => {
  expect(hex(writeResponse(bytes('0102ff')))).toBe('0a030102ff');
  expect(hex(readResponse(bytes('0a030102ff')))).toBe('0102ff');
  expect(hex(readResponse(bytes('')))).toBe('');
});

test('every entry comes back as its key names it', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
  const key = fc.oneof(
    fc.record({ arn: text, context: fc.dictionary(text, fc.string(), { minKeys: 1 }) }).map((fields) => ({
      kind: 'kms',
      fields,
    })),
    text.map((recipient) => ({ kind: 'age', fields: { recipient } })),
    fc.record({ vault_url: text, name: text, version: text }).map((fields) => ({ kind: 'azure_kv', fields })),
  );
  fc.assert(
    fc.property(key, (one) => {
      expect(readKey(writeKey(one))).toEqual(one);
    }),
  );
});

test('what wraps the key, and its date, do not go along', () => {
  const fields = { recipient: 'age1x', enc: 'secret', created_at: '2020-01-01T00:00:00Z' };
  expect(readKey(writeKey({ kind: 'age', fields }))).toEqual({ kind: 'age', fields: { recipient: 'age1x' } });
});

test('of repeated fields the last one counts, and others are passed over', () => {
  // A varint, eight bytes, four bytes; then the key twice, and field 15.
  const others = '18ac02' + '210102030405060708' + '2d01020304';
  expect(readRequest(bytes(`${others}0a0532030a01610a0532030a01627a0161`)).key).toEqual({
    kind: 'age',
    fields: { recipient: 'b' },
  });
});

test('of two kinds of key in one message the last one counts', () => {
  expect(readKey(bytes('12030a016132030a0162'))).toEqual({ kind: 'age', fields: { recipient: 'b' } });
});

test.each([
  ['nothing', ''],
  ['a key without a kind', '0a00'],
  ['a kind of the future', '0a0542030a0161'],
])('%s names no key', (_, request) => {
  expect(readRequest(bytes(request)).key).toBeUndefined();
});

test.each([
  ['it is cut off', '0a'],
  ['it is cut off', '0a05320000'],
  ['it is cut off', '0affffffff0f'],
  ['it is cut off', '2d0102'],
  ['a number in it does not end', '18ffffffffffffffffffff01'],
  ['it has a field without a number', '0200'],
  ['it has a field of type 3', '0b0c'],
  ['a text in it is no UTF-8', '0a0532030a01ff'],
])('what is no message says so: %s', (reason, request) => {
  expect(() => readRequest(bytes(request))).toThrow(`the message is broken: ${reason}`);
});

test('any bytes are read, or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (message) => {
      try {
        readRequest(message);
      } catch (error) {
        expect(error).toHaveProperty('message', expect.stringMatching(/^the message is broken: /));
      }
    }),
    { numRuns: 2000 },
  );
});

test('fields come back in their order, however long', () => {
  const field = fc.record({
    number: fc.integer({ min: 1, max: 2 ** 29 - 1 }),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const plain = (list: readonly { number: number; bytes: Uint8Array }[]) =>
        list.map((one) => [one.number, hex(one.bytes)]);
      expect(plain(readMessage(writeMessage(fields)))).toEqual(plain(fields));
    }),
  );
});
