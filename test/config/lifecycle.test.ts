import { expect, test } from 'vitest';
import { Pattern } from '../../src/config/lifecycle/pattern.ts';
import { SecretPolicy } from '../../src/config/lifecycle/policy.ts';
import { readPolicy, readPolicyText } from '../../src/config/lifecycle/read.ts';
import { readConfig } from '../../src/config/read.ts';
import { parsePath } from '../../src/core/tree/path.ts';
import fc from '../support/laws.ts';

const CONFIG = '/repo/.sops.yaml';

const policyOf = async (text: string): Promise<SecretPolicy> =>
  new SecretPolicy([await readPolicy(readConfig(text, CONFIG))]);

const machine = (text: string): ReturnType<typeof readPolicyText> =>
  readPolicyText(text, '/etc/sotto/policy.yaml', { folder: '/repo', strength: 'machine' });

const termsAt = async (policy: SecretPolicy, file: string, path: string) => {
  const { owner, maxAge, warn, consumers, renew } = (await policy.termsFor(`/repo/${file}`)).of(
    parsePath(path),
  );
  return {
    ...(owner && { owner: owner.value }),
    ...(maxAge && { maxAge: maxAge.value.text }),
    ...(warn && { warn: warn.value.text }),
    ...(consumers && { consumers: consumers.value }),
    ...(renew && { hook: renew.value.hook }),
  };
};

test('patterns of files: * in a name, ** any folders, any folder without a slash', () => {
  const matches = (pattern: string, path: string) => Pattern.ofFiles(pattern).matchesFile(path);
  for (const [pattern, path] of [
    ['secrets/*.yaml', 'secrets/a.yaml'],
    ['./secrets/a.yaml', 'secrets/a.yaml'],
    ['secrets/**', 'secrets/prod/deep/a.yaml'],
    ['secrets/', 'secrets/prod/a.yaml'],
    ['secrets/**/db.yaml', 'secrets/db.yaml'],
    ['secrets/**/db.yaml', 'secrets/a/b/db.yaml'],
    ['*.env', 'deep/down/.env'],
    ['a?c/*-*.y', 'abc/1-2.y'],
    ['?.y', '😀.y'],
    ['./*.env', 'a.env'],
    ['s/\\*\\?\\\\*', 's/*?\\a'],
    ['s\\a', 's\\a'],
    ['**', 'anything'],
  ] as const)
    expect([pattern, path, matches(pattern, path)]).toEqual([pattern, path, true]);
  for (const [pattern, path] of [
    ['secrets/*.yaml', 'secrets/prod/a.yaml'],
    ['secrets/*.yaml', 'other/secrets/a.yaml'],
    ['secrets/a.yaml', 'secrets/aXyaml'],
    ['secrets', 'secrets/a.yaml'],
    ['*.env', 'a.env.bak'],
    ['/*.env', 'deep/a.env'],
    ['s/\\*', 's/a'],
  ] as const)
    expect([pattern, path, matches(pattern, path)]).toEqual([pattern, path, false]);
});

test('the text for a file matches it and no other, whatever its name has', () => {
  const name = fc.string({
    unit: fc.constantFrom('*', '?', '\\', 'a', '.', ' ', '\n', '😀'),
    minLength: 1,
    maxLength: 4,
  });
  const file = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  fc.assert(
    fc.property(
      file.filter((path) => !path.startsWith('./')),
      file,
      (path, other) => {
        const pattern = Pattern.ofFiles(Pattern.textFor(path));
        expect(pattern.matchesFile(path)).toBe(true);
        expect(pattern.matchesFile(other)).toBe(path === other);
        expect(pattern.matchesFile(`a/${path}`)).toBe(false);
      },
    ),
    { numRuns: 3000 },
  );
});

test('patterns of values: * one level or a part of a name, ** any levels, names with dots', () => {
  const matches = (pattern: string, path: string) => Pattern.ofValues(pattern).matchesValue(parsePath(path));
  for (const [pattern, path] of [
    ['db.password', 'db.password'],
    ['db.*', 'db.password'],
    ['*_TOKEN', 'GITHUB_TOKEN'],
    ['**.password', 'password'],
    ['**.password', 'a.b[0].password'],
    ['hosts[*].key', 'hosts[12].key'],
    ['hosts[1].key', 'hosts[1].key'],
    ['data.tls.crt', 'data["tls.crt"]'],
    ['["a*b"]', '["a*b"]'],
  ] as const)
    expect([pattern, path, matches(pattern, path)]).toEqual([pattern, path, true]);
  for (const [pattern, path] of [
    ['db.*', 'db.a.b'],
    ['db.password', 'db.password.old'],
    ['db.password', 'other.db.password'],
    ['["a*b"]', 'aXb'],
    ['["tls.crt"]', 'tls.crt'],
  ] as const)
    expect([pattern, path, matches(pattern, path)]).toEqual([pattern, path, false]);
});

test('a pattern that somebody made to be slow is not', () => {
  const many = '*a'.repeat(2000);
  const deep = Pattern.ofFiles(`${'**/'.repeat(500)}x`);
  const started = process.cpuUsage().user;
  expect(Pattern.ofFiles(many).matchesFile('a'.repeat(5000))).toBe(true);
  expect(Pattern.ofFiles(`${many}b`).matchesFile('a'.repeat(5000))).toBe(false);
  expect(deep.matchesFile(`${'y/'.repeat(500)}y`)).toBe(false);
  expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
});

test('for each setting the first matching entry that has it counts', async () => {
  const policy = await policyOf(`sotto:
  lifecycle: true
  secrets:
    - paths: [secrets/prod/**]
      values: db.password
      max_age: 30d
    - paths: [secrets/**]
      max_age: 90d
      warn: 7d
    - { owner: payments, consumers: [api, "web,1"] }
    - { owner: nobody }
`);
  expect(await termsAt(policy, 'secrets/prod/a.yaml', 'db.password')).toEqual({
    owner: 'payments',
    maxAge: '30d',
    warn: '7d',
    consumers: ['api', 'web,1'],
  });
  expect(await termsAt(policy, 'secrets/prod/a.yaml', 'db.user')).toMatchObject({ maxAge: '90d' });
  expect(await termsAt(policy, 'other.yaml', 'db.user')).toEqual({
    owner: 'payments',
    consumers: ['api', 'web,1'],
  });
});

test('path_regex is an expression as in rules', async () => {
  const policy = await policyOf(`sotto:
  lifecycle: true
  secrets: [{ path_regex: ^a/.*\\.env$, max_age: 1y }]
`);
  expect(await termsAt(policy, 'a/b/.env', 'X')).toEqual({ maxAge: '1y' });
  expect(await termsAt(policy, 'b/a/.env', 'X')).toEqual({});
});

test('without "lifecycle: true" nothing is asked', async () => {
  expect((await policyOf('sotto: { secrets: [{ max_age: 1d }] }')).isEmpty).toBe(true);
  expect((await policyOf('creation_rules: []')).isEmpty).toBe(true);
});

test('no setting of a repository takes a duty away that the machine has', async () => {
  const strict = await machine('secrets: [{ paths: ["secrets/**"], max_age: 30d, warn: 7d, owner: ops }]');
  for (const own of ['max_age: 1y, warn: 1d, owner: me', '']) {
    const repository = await readPolicy(
      readConfig(`sotto: { lifecycle: true, secrets: [{ ${own} }] }`, CONFIG),
    );
    const policy = new SecretPolicy([repository, strict]);
    expect(await termsAt(policy, 'secrets/a.yaml', 'x')).toEqual({
      owner: 'ops',
      maxAge: '30d',
      warn: '7d',
    });
  }
  const tighter = await readPolicy(
    readConfig('sotto: { lifecycle: true, secrets: [{ max_age: 10d, warn: 9d }] }', CONFIG),
  );
  expect(await termsAt(new SecretPolicy([strict, tighter]), 'secrets/a.yaml', 'x')).toEqual({
    owner: 'ops',
    maxAge: '10d',
    warn: '9d',
  });
});

const secret = (entry: string): string => `sotto:\n  lifecycle: true\n  secrets:\n    - ${entry}\n`;

test.each([
  ['max_age: 90', 'max_age is no span of time', 4],
  ['warn: soon', 'warn is no span of time', 4],
  ['max_age: 999999999y', 'max_age is no span of time', 4],
  ['values: [a..b]', 'values has what is no path to a value', 4],
  ['{ paths: [a], path_regex: b }', 'an entry has paths or path_regex, and not both', 4],
  ['renew: { needs: [secrets.yaml] }', 'needs names values as FILE#PATH', 4],
  ['renew: { strategy: overlapp }', 'strategy is one of replace, overlap, manual, internal', 4],
  ['renew: { needs: ["a.yaml#b"] }', 'to renew a.yaml#b, the value itself would be needed', 4],
  [
    '{ owner: paymnts }\n  people: { payments: {} }',
    'the owner paymnts is nobody of sotto.people or sotto.teams',
    4,
  ],
])('%s is refused with its line', async (entry, message, line) => {
  await expect(policyOf(secret(entry))).rejects.toMatchObject({
    code: 'config-invalid',
    message,
    details: { file: CONFIG, line },
  });
});

test('a circle over other entries is found, a chain is none', async () => {
  const entries = (last: string): string => `sotto:
  lifecycle: true
  secrets:
    - { paths: [a.yaml], renew: { needs: ["b.yaml#x"] } }
    - { paths: [b.yaml], renew: { needs: ["c.yaml#x", "c.yaml#y"] } }
    - { paths: [c.yaml], renew: { needs: [${last}] } }
`;
  await expect(policyOf(entries('"d.yaml#x"'))).resolves.toBeDefined();
  await expect(policyOf(entries('"a.yaml#x"'))).rejects.toMatchObject({
    message: 'to renew a.yaml#x, the value itself would be needed',
    details: { line: 6 },
  });
});

test('what is misspelt is said, and where it counts refused', async () => {
  const [warning] = readConfig(secret('{ max_agee: 90d }'), CONFIG).warnings;
  await expect(policyOf(secret('{ max_agee: 90d }'))).rejects.toMatchObject({
    message: 'unknown key "max_agee"',
    details: { hint: 'did you mean "max_age"?', line: 4 },
  });
  expect(warning).toMatchObject({ hint: 'did you mean "max_age"?', line: 4 });
  await expect(machine('secrets: [{ max_agee: 90d }]')).rejects.toMatchObject({
    message: 'unknown key "max_agee"',
    details: { hint: 'did you mean "max_age"?', line: 1 },
  });
  await expect(machine('secret: []')).rejects.toMatchObject({
    details: { hint: 'did you mean "secrets"?' },
  });
});

test('renew is read whole', async () => {
  const policy = await policyOf(
    secret(
      '{ paths: [a.yaml], renew: { generate: { kind: random, length: 32 }, strategy: overlap, hook: [./pg.sh, a b], settle: 10s, keep_old: 7d, needs: ["./s/admin.yaml#pg.password"] } }',
    ),
  );
  const { renew } = (await policy.termsFor('/repo/a.yaml')).of(['x']);
  expect(renew).toMatchObject({
    entry: 1,
    value: {
      strategy: 'overlap',
      hook: ['./pg.sh', 'a b'],
      settle: { milliseconds: 10_000 },
      keepOld: { milliseconds: 7 * 86_400_000 },
      needs: [{ file: 's/admin.yaml', path: ['pg', 'password'] }],
    },
  });
  expect(renew?.value.generate?.get('kind')?.text).toBe('random');
});
