import { expect, test } from 'vitest';
import { recipientNames } from '../../src/config/names.ts';
import { readConfig } from '../../src/config/read.ts';

const ANN = 'age1ahluv34r7lhyjl9mzy6qfxdhfkp9a5u0w6xgk0dmpzxk3rdf4y4sz6kkyd';
const BEN = 'age1z9e6jl5txj0q8a2cyx8mqz6fn7cq3zrfqj3drvqmvy9l7aj4q5lsg0q2aw';
const CLEO = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGh3bXl0ZXN0a2V5Zm9yc290dG8xMjM0NTY3ODkwMTI';
const DORA = '306ED0E1F2A3B4C5D6E7F8091A2B3C4D5E6F7081';
const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function describe(text: string, id: string, kind = 'age'): string {
  return recipientNames(readConfig(text, '/x/.sops.yaml')).describe({ kind, id });
}

test('a recipient without a name is shown by a few characters that tell it from others', () => {
  const shown = (kind: string, id: string): string => recipientNames(undefined).describe({ kind, id });
  expect(shown('age', ANN)).toBe('age1ahluv…');
  expect(shown('age', `age1pq1${'q'.repeat(1900)}`)).toBe('age1pq1qqqqq…');
  expect(shown('age', 'age1yubikey1qwert023456789')).toBe('age1yubikey1qwert…');
  expect(shown('age', CLEO)).toBe('ssh-ed25519 …DkwMTI');
  expect(shown('pgp', DORA)).toBe('…1A2B3C4D5E6F7081');
  expect(shown('kms', ARN)).toBe('arn:aws:kms:eu-west-…cd-56ef-1234567890ab');
  expect(shown('hc_vault', 'https://v/v1/transit/keys/k')).toBe('https://v/v1/transit/keys/k');
});

test('an anchor on a recipient is its name, wherever it stands', () => {
  const text = `
keys:
  - &admin_ann ${ANN}
  - &ben
    ${BEN}
creation_rules:
  - key_groups: [{ age: [*admin_ann, &cleo "${CLEO}"], pgp: [&dora ${DORA}] }]
`;
  expect(describe(text, ANN)).toBe('admin_ann (age1ahluv…)');
  expect(describe(text, BEN)).toBe('ben (age1z9e6j…)');
  expect(describe(text, CLEO)).toMatch(/^cleo \(ssh-ed25519 /);
  expect(describe(text, DORA.toLowerCase(), 'pgp')).toBe('dora (…1A2B3C4D5E6F7081)');
  expect(describe(text, DORA.slice(-16), 'pgp')).toBe('dora (1A2B3C4D5E6F7081)');
});

test('people are named by their keys under sotto.people, before all else', () => {
  const text = `
keys: [&laptop ${BEN}]
sotto:
  people:
    ann: &a
      age: [${ANN}, *laptop] # at home
    dora: { pgp: [${DORA}] }
  teams:
    ops: &ops { merge: [*a], age: [${CLEO}] }
creation_rules:
  - key_groups: [*ops]
`;
  expect(describe(text, ANN)).toBe('ann (age1ahluv…)');
  expect(describe(text, BEN)).toBe('ann (age1z9e6j…)');
  expect(describe(text, DORA, 'pgp')).toBe('dora (…1A2B3C4D5E6F7081)');
});

test('an anchor on a group names its one recipient; of several, those that have no other name', () => {
  const text = `
ann: &ann { age: [${ANN}] }
ops: &ops
  age:
    - ${BEN} # ben
    - ${CLEO}
rules: &rules
  encrypted_regex: x
  age: ${DORA}
creation_rules:
  - key_groups: [*ann, *ops]
`;
  expect(describe(text, ANN)).toBe('ann (age1ahluv…)');
  expect(describe(text, BEN)).toBe('ben (age1z9e6j…)');
  expect(describe(text, CLEO)).toMatch(/^ops \(/);
  expect(describe(text, DORA)).toMatch(/^306ED/);
});

test('a comment behind a recipient is its name, if it stands behind one only', () => {
  const lines = (line: string): string => `creation_rules:\n  - path_regex: x\n    ${line}\n`;
  expect(describe(lines(`age: ${ANN}   # ann, at home`), ANN)).toBe('ann, at home (age1ahluv…)');
  expect(describe(lines(`age: "${ANN}" ## ann `), ANN)).toBe('ann (age1ahluv…)');
  expect(describe(lines(`age: [${ANN}] # ann`), ANN)).toBe('ann (age1ahluv…)');
  expect(describe(lines(`age: [${ANN}, # ann\n      ${BEN}] # ben`), ANN)).toBe('ann (age1ahluv…)');
  expect(describe(lines(`age: [${ANN}, # ann\n      ${BEN}] # ben`), BEN)).toBe('ben (age1z9e6j…)');
  expect(describe(lines(`age: [${ANN}, ${BEN}] # both`), BEN)).toBe('age1z9e6j…');
  expect(describe(lines(`age: ${ANN},${BEN} # both`), BEN)).toBe('age1z9e6j…');
  expect(describe(lines(`age: ${ANN} #`), ANN)).toBe('age1ahluv…');
  expect(describe(lines(`age: ${ANN}\n    # below`), ANN)).toBe('age1ahluv…');
});

test('a key that has several fields is named by its anchor, or by a comment behind a field', () => {
  const text = (anchor: string, comment: string): string => `
creation_rules:
  - key_groups:
      - kms:
          - ${anchor}
            arn: ${ARN} ${comment}
            context: { a: b }
        azure_keyvault:
          - vaultUrl: https://v
            key: k # vault
            version: "1"
`;
  const id = `${ARN}|a:b|default`;
  expect(describe(text('&prod', ''), id, 'kms')).toMatch(/^prod \(/);
  expect(describe(text('', '# prod key'), id, 'kms')).toMatch(/^prod key \(/);
  expect(describe(text('', ''), 'https://v/keys/k/1', 'azure_kv')).toBe('vault (https://v/keys/k/1)');
});

test("the comment of an SSH key is its name, where the configuration's or the file's has one", () => {
  expect(describe(`keys: [${CLEO} cleo at home]`, CLEO)).toMatch(/^cleo at home \(ssh-/);
  expect(describe(`keys: [${CLEO} cleo] # by hand`, `${CLEO} mallory`)).toMatch(/^by hand \(ssh-/);
  expect(describe('creation_rules: []', `${CLEO} cleo@laptop`)).toMatch(/^cleo@laptop \(ssh-/);
});

test('a key in a file can not say that it is somebody whom the configuration knows', () => {
  const forged = `${CLEO.slice(0, -4)}EVIL ann`;
  expect(describe(`keys: [&ann ${ANN}]`, forged)).toBe('ssh-ed25519 …DkEVIL');
});

test('names do no harm: one line, nothing unseen, not long, no private key', () => {
  const hostile = (comment: string): string => describe(`keys:\n  - ${ANN} # ${comment}\n`, ANN);
  expect(hostile('a\u202eb\u200bc')).toBe('a\\u202eb\\u200bc (age1ahluv…)');
  expect(hostile('x'.repeat(500))).toBe(`${'x'.repeat(39)}… (age1ahluv…)`);
  expect(hostile('AGE-SECRET-KEY-1QQQQ')).toBe('age1ahluv…');
  expect(describe('sotto: { people: { "__proto__": { age: [__proto__] } } }', '__proto__')).toBe(
    '__proto__ (__proto__)',
  );
  expect(describe('creation_rules: []', `${CLEO} \u001b[31mred\u0007`)).toMatch(
    /^\\u001b\[31mred\\u0007 \(ssh-/,
  );
});

test('of two names the first counts, and an empty configuration has none', () => {
  expect(describe(`keys: [&one ${ANN}, &two ${ANN}]`, ANN)).toBe('one (age1ahluv…)');
  expect(describe('', ANN)).toBe('age1ahluv…');
});
