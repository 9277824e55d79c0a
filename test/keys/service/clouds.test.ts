import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { KeyEntry, MetadataMap } from '../../../src/core/sops/metadata.ts';
import { loadFormat } from '../../../src/formats/index.ts';
import { DECRYPT, ENCRYPT } from '../../../src/keys/service/messages.ts';
import { readEncrypted } from '../../../src/operations/open.ts';
import { type Case, casesOf } from '../../support/cases.ts';
import { type FakeService, type SeenRequest, startFakeService } from '../../support/key-service.ts';
import { type Session, startSession } from '../../support/session.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Cases with keys of cloud services, which real sops made; shares are those of their groups. */
type CloudCase = Case & { readonly shares?: readonly string[] };
const CASES: readonly CloudCase[] = casesOf('kms');
/** Files whose context was changed by hand. */
const CHANGED: ReadonlySet<string> = new Set(['aws-wrong-context', 'mixed-aws-refused-then-age']);

const nameOf = (one: Case, stem: string): string => `${stem}${extname(one.args.at(-1) ?? '')}`;

async function groupsOf(text: string | Uint8Array, one: Case): Promise<readonly (readonly KeyEntry[])[]> {
  const format = await loadFormat(one.format);
  if (format === undefined) throw new Error(`no format ${one.format}`);
  return readEncrypted({ text: Buffer.from(text).toString(), format }).metadata.groups;
}

/** What names the key of an entry; sops leaves empty texts out of its messages. */
function nameIn({ kind, fields }: KeyEntry): KeyEntry {
  const { enc: _, created_at: __, ...rest } = fields;
  return { kind, fields: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')) };
}

/** The same for what is written: with every field, only when it was wrapped and what came of it are left out. */
function writtenIn({ kind, fields }: KeyEntry): { kind: string; fields: MetadataMap } {
  const { enc, created_at: at, ...rest } = fields;
  return {
    kind,
    fields: { ...rest, enc: typeof enc, ...(at === undefined ? {} : { created_at: typeof at }) },
  };
}

async function begin(
  answer: (request: SeenRequest) => Uint8Array,
): Promise<{ session: Session; service: FakeService }> {
  const service = await startFakeService(answer);
  const session = startSession({ SOPS_KEYSERVICE: service.uri, SOPS_ENABLE_LOCAL_KEYSERVICE: 'false' });
  ends.push(service.end, session.end);
  return { session, service };
}

describe.each(CASES.filter(({ name }) => !CHANGED.has(name)))('$name', (one) => {
  const encrypted = readFileSync(join(one.folder, nameOf(one, 'encrypted')));

  test('opens through a key service, which is told of each key what sops tells', async () => {
    const groups = await groupsOf(encrypted, one);
    const parts = groups.map((_, index) => Buffer.from(one.shares?.[index] ?? one.dataKey ?? '', 'hex'));
    const { session, service } = await begin(({ content }) => {
      const enc = Buffer.from(content).toString();
      return (
        parts[groups.findIndex((group) => group.some(({ fields }) => fields['enc'] === enc))] ??
        new Uint8Array()
      );
    });
    const file = nameOf(one, 'encrypted');
    session.write(file, encrypted);
    const { exit, stdout, stderr } = await session.sotto(['decrypt', file]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join(one.folder, nameOf(one, 'decrypted')), 'utf8'));
    const names = groups.flat().map(nameIn);
    for (const { method, key } of service.seen) {
      expect(method).toBe(DECRYPT);
      expect(names).toContainEqual(key);
    }
    expect(service.seen).toHaveLength(groups.length);
  });

  test.skipIf(one.name === 'azure-no-version')('is made through one, with the entries of sops', async () => {
    let count = 0;
    const { session, service } = await begin(() => Buffer.from(`sealed ${count++}`));
    const plain = one.args.at(-1) ?? '';
    session.write(plain, readFileSync(join(one.folder, plain)));
    if (one.config !== undefined) session.write('.sops.yaml', one.config);
    const { exit, stdout, stderr } = await session.sotto(one.args);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const made = await groupsOf(stdout, one);
    const wanted = await groupsOf(encrypted, one);
    expect(made.map((group) => group.map(writtenIn))).toEqual(wanted.map((group) => group.map(writtenIn)));
    const names = wanted.flat().map(nameIn);
    expect(service.seen.map(({ method }) => method)).toEqual(names.map(() => ENCRYPT));
    for (const { key } of service.seen) expect(names).toContainEqual(key);
  });
});

test.each(CASES.filter(({ config }) => config !== undefined))(
  '$name is as its rule wants it',
  async (one) => {
    const session = startSession();
    ends.push(session.end);
    const file = nameOf(one, 'encrypted');
    session.write(file, readFileSync(join(one.folder, file)));
    session.write('.sops.yaml', one.config ?? '');
    const { exit, stdout } = await session.sotto(['updatekeys', '--check', file]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
  },
);

test('an Azure key without a version is not wrapped for: only Azure knows the newest', async () => {
  const { session, service } = await begin(() => Buffer.from('sealed'));
  session.write('a.yaml', 'a: 1\n');
  const url = 'https://testvault.vault.azure.net/keys/sops-key';
  const { exit, stderr } = await session.sotto(['encrypt', '--azure-kv', url, 'a.yaml']);
  expect(exit).toBe(1);
  expect(stderr).toContain(`${url}: name its version as well`);
  expect(service.seen).toEqual([]);
});

describe('what a service answers', () => {
  const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/818b7b75-720e-406e-810a-f07f9eae9f76';
  const [aws] = CASES.filter(({ name }) => name === 'aws-arn');

  test.each([0, 1, 31, 34, 64])('with %d bytes is no data key', async (length) => {
    const { session, service } = await begin(() => new Uint8Array(length));
    session.write('a.yaml', readFileSync(join(aws?.folder ?? '', 'encrypted.yaml')));
    const { exit, stderr } = await session.sotto(['decrypt', 'a.yaml']);
    expect(exit).toBe(128);
    expect(stderr.replace(/\n {6}\| /g, ' ')).toContain(
      `: ${service.uri}: its answer has ${length} bytes, and is no data key\n`,
    );
  });

  test('that is empty wraps nothing', async () => {
    const { session, service } = await begin(() => new Uint8Array());
    session.write('a.yaml', 'a: 1\n');
    const { exit, stderr } = await session.sotto(['encrypt', '--kms', ARN, 'a.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain(`: ${service.uri}: its answer is empty\n`);
  });

  test('as a reason is shown in one line, without what a terminal would obey', async () => {
    const { session, service } = await begin(() => {
      throw new Error(`no\u001b[2J\n${'x '.repeat(3000)}`);
    });
    session.write('a.yaml', 'a: 1\n');
    const { stderr } = await session.sotto(['encrypt', '--kms', ARN, 'a.yaml']);
    expect(stderr).toContain(`: ${service.uri}: no\ufffd[2J x x x`);
    expect(stderr.length).toBeLessThan(1000);
  });
});

describe('AWS keys', () => {
  const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/818b7b75-720e-406e-810a-f07f9eae9f76';
  const keys = async (args: readonly string[], config = ''): Promise<unknown[]> => {
    const { session, service } = await begin(() => Buffer.from('sealed'));
    session.write('a.yaml', 'a: 1\n');
    session.write('.sops.yaml', config);
    const { exit, stderr } = await session.sotto([...args, 'a.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    return service.seen.map(({ key }) => key?.fields);
  };

  test('have the context of a flag, also those of a rule, but not those with a mapping of their own', async () => {
    const flag = ['encrypt', '--encryption-context', 'b:2,a:1'];
    const context = { a: '1', b: '2' };
    expect(await keys(flag, `creation_rules: [{kms: ${ARN}, aws_profile: work}]`)).toEqual([
      { arn: ARN, context, aws_profile: 'work' },
    ]);
    const mapping = `{arn: ${ARN}, context: {x: "a:b,c|d"}}`;
    expect(await keys(flag, `creation_rules: [{key_groups: [{kms: [${mapping}]}]}]`)).toEqual([
      { arn: ARN, context: { x: 'a:b,c|d' } },
    ]);
    expect(await keys([...flag, '--aws-profile', 'home', '--kms', `${ARN}+arn:aws:iam::1:role/r`])).toEqual([
      { arn: ARN, role: 'arn:aws:iam::1:role/r', context, aws_profile: 'home' },
    ]);
  });
});
