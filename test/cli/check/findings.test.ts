import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FINDING_IDS, type FindingId } from '../../../src/operations/check/findings.ts';
import { ALICE, as, BOB, CAROL, type GitSession, startGitSession } from '../../support/git-session.ts';

const RULES = `creation_rules:
  - path_regex: ^secrets/
    age: ${ALICE},${BOB}
`;
const FILE = 'secrets/prod.yaml';
const PLAIN = `db:
  password: hunter2
  user: app
hosts: [one, two]
# about the key
key: abc
host_unencrypted: db.internal
`;

/** Encrypted for alice and bob, once for all tests; and later versions of it. */
const files = { sealed: '', changed: '', rotated: '', forCarol: '', forAlice: '', json: '' };

beforeAll(async () => {
  const here = startGitSession();
  try {
    const sotto = async (...args: readonly string[]): Promise<void> => {
      const { exit, stderr } = await here.sotto(args, as('alice'));
      if (exit !== 0) throw new Error(stderr);
    };
    const version = async (config: string, ...args: readonly string[]): Promise<string> => {
      here.put({ [FILE]: files.sealed === '' ? PLAIN : files.sealed, '.sops.yaml': config });
      await sotto(...args);
      return here.read(FILE);
    };
    files.sealed = await version(RULES, 'encrypt', '-i', FILE);
    files.changed = await version(RULES, 'set', FILE, '["db"]["password"]', '"other"');
    files.rotated = await version(RULES, 'rotate', '-i', FILE);
    files.forCarol = await version(RULES.replace(BOB, `${BOB},${CAROL}`), 'updatekeys', '-y', FILE);
    files.forAlice = await version(RULES.replace(`,${BOB}`, ''), 'updatekeys', '-y', FILE);
    here.put({ 'secrets/a.json': '{"a": {"b": "c"}, "list": [1, 1]}\n', '.sops.yaml': RULES });
    await sotto('encrypt', '-i', 'secrets/a.json');
    files.json = here.read('secrets/a.json');
  } finally {
    here.end();
  }
});

let here: GitSession;
afterEach(() => here.end());

/** What `check` finds. */
async function found(...args: readonly string[]): Promise<{ rules: string[]; exit: number; stdout: string }> {
  const { exit, stdout, stderr } = await here.sotto(['check', '--json', '--no-keys', ...args]);
  expect(stdout, stderr).not.toBe('');
  const report: { findings: { rule: FindingId }[] } = JSON.parse(stdout);
  return { rules: report.findings.map(({ rule }) => rule), exit, stdout };
}

/** With a date of its values. */
function dated(text: string, day: string): string {
  return text.replace(/^( +)sotto:\n/m, `$&$1    changed: 2026-${day}T00:00:00Z *\n`);
}

/** The line of the sealed file that begins with a key. */
function lineOf(text: string, key: string): string {
  return text.split('\n').find((line) => line.trimStart().startsWith(`${key}:`)) ?? '';
}

function tokenOf(text: string, key: string): string {
  return /ENC\[.*\]/.exec(lineOf(text, key))?.[0] ?? '';
}

const PEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;
const AGE_KEY = readFileSync(new URL('../../vectors/keys/age-carol.txt', import.meta.url), 'utf8');

/** A repository for each finding: committed, then changed. Only what is named is to be found, notes aside. */
const FAULTS: { readonly [id in FindingId]?: (sealed: string) => Fault } = {
  'plaintext-file': () => ({ now: { 'secrets/new.yaml': 'a: 1\n' }, adds: true }),
  'value-in-clear': (sealed) => ({
    now: { [FILE]: sealed.replace(tokenOf(sealed, 'user'), 'root') },
    also: ['mac-stale'],
  }),
  'conflict-markers': (sealed) => ({
    now: { [FILE]: `<<<<<<< HEAD\n${sealed}=======\n${sealed}>>>>>>> other\n` },
  }),
  'comment-in-clear': (sealed) => ({ now: { [FILE]: sealed.replace('\nkey:', '\n# todo\nkey:') } }),
  unreadable: (sealed) => ({ now: { [FILE]: sealed.replace('hosts:', 'hosts: [') } }),
  'metadata-incomplete': (sealed) => ({ now: { [FILE]: sealed.replace(/^ +mac: .*\n/m, '') } }),
  'token-malformed': (sealed) => ({
    now: { [FILE]: sealed.replace(tokenOf(sealed, 'user'), tokenOf(sealed, 'user').slice(0, 50)) },
    also: ['mac-stale'],
  }),
  'token-moved': (sealed) => ({
    now: { [FILE]: sealed.replace(tokenOf(sealed, 'user'), tokenOf(sealed, 'password')) },
    also: ['mac-stale'],
  }),
  'token-in-clear-place': (sealed) => ({
    now: { [FILE]: sealed.replace('  user:', '  user_unencrypted:') },
  }),
  'iv-reused': (sealed) => {
    const [one, other] = [tokenOf(sealed, 'user'), tokenOf(sealed, 'key')];
    const iv = /iv:([^,]+)/.exec(one)?.[1] ?? '';
    return {
      now: { [FILE]: sealed.replace(other, other.replace(/iv:[^,]+/, `iv:${iv}`)) },
      also: ['mac-stale'],
    };
  },
  'nothing-encrypted': (sealed) => ({
    now: {
      'secrets/b.yaml': `a: b\n${sealed.slice(sealed.indexOf('sops:')).replace('unencrypted_suffix: _unencrypted', 'encrypted_regex: ^zzz$')}`,
    },
    also: ['selector-differs'],
    adds: true,
  }),
  'selector-invalid': (sealed) => ({
    now: { [FILE]: sealed.replace('unencrypted_suffix: _unencrypted', 'encrypted_regex: (?=x)') },
    also: ['selector-differs'],
  }),
  'selector-differs': (sealed) => ({
    now: { '.sops.yaml': `${RULES}    mac_only_encrypted: true\n`, [FILE]: sealed },
  }),
  'recipient-missing': (sealed) => ({
    now: { '.sops.yaml': RULES.replace(BOB, `${BOB},${CAROL}`), [FILE]: sealed },
  }),
  'recipient-extra': (sealed) => ({ now: { '.sops.yaml': RULES.replace(`,${BOB}`, ''), [FILE]: sealed } }),
  'recipient-unknown': (sealed) => ({
    now: { '.sops.yaml': `sotto:\n  people:\n    alice: &alice {age: [${ALICE}]}\n${RULES}`, [FILE]: sealed },
    also: ['attributes-missing'],
  }),
  'recipient-malformed': (sealed) => ({
    now: { [FILE]: sealed.replace(`recipient: ${BOB}`, `recipient: ${BOB.slice(0, -1)}`) },
    also: ['recipient-extra', 'recipient-missing', 'removed-unrotated'],
  }),
  'single-recipient': () => ({
    base: { [FILE]: files.forAlice, '.sops.yaml': RULES.replace(`,${BOB}`, '') },
  }),
  'threshold-implied': (sealed) => ({
    now: {
      '.sops.yaml': `${RULES}  - path_regex: ^more/\n    key_groups: [{age: [${ALICE}]}, {age: [${BOB}]}]\n`,
      'more/x.txt': '',
      [FILE]: sealed,
    },
    adds: true,
  }),
  'config-invalid': () => ({ now: { '.sops.yaml': `${RULES}    shamir_threshold: [1]\n` } }),
  'config-key-unknown': () => ({
    now: { '.sops.yaml': RULES.replace('age:', 'agee:') },
    also: ['config-key-unknown'],
  }),
  'anchor-twice': () => ({
    now: { '.sops.yaml': `keys: [&a ${ALICE}, &a ${BOB}]\n${RULES}` },
  }),
  'rule-shadowed': () => ({
    now: { '.sops.yaml': `${RULES}  - path_regex: ^secrets/prod\n    age: ${ALICE}\n` },
  }),
  'rule-unused': () => ({
    now: { '.sops.yaml': `${RULES}  - path_regex: ^elsewhere/\n    age: ${ALICE}\n` },
  }),
  'no-rule': (sealed) => ({ now: { 'other.yaml': sealed }, adds: true }),
  'person-dangling': () => ({
    now: {
      '.sops.yaml': `keys: &carol {age: [${CAROL}]}
sotto:
  people:
    alice: &alice {age: [${ALICE}]}
    bob: &bob {age: [${BOB}]}
creation_rules:
  - path_regex: ^secrets/
    key_groups: [{merge: [*alice, *bob, *carol]}]
`,
    },
    also: ['recipient-missing', 'attributes-missing'],
  }),
  'recipient-twice': () => ({
    now: { '.sops.yaml': RULES.replace(BOB, `${BOB},${ALICE}`) },
  }),
  'secret-in-clear': () => ({
    now: { 'src/app.ts': `const t = 'sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}';\n` },
    adds: true,
  }),
  'private-key': () => ({ now: { id_rsa: PEM, 'k.txt': AGE_KEY }, adds: true, also: ['private-key'] }),
  'looks-secret': () => ({ now: { 'app.yaml': 'api_token: 9fKx2Lm0QpR7tYv3\n' }, adds: true }),
  'decrypted-twin': () => ({ now: { 'secrets/prod.dec.yaml': '' }, adds: true }),
  'attributes-missing': (sealed) => ({
    now: { '.gitattributes': 'a.yaml merge=sotto\n', [FILE]: sealed },
  }),
  'driver-missing': () => ({
    now: { '.gitattributes': 'secrets/** -text diff=sotto merge=sotto\n' },
    also: ['hook-missing'],
  }),
  'hook-missing': () => ({
    now: { '.gitattributes': 'secrets/** -text diff=sotto merge=sotto\n' },
    also: ['driver-missing'],
  }),
  cachetextconv: () => ({ git: [['config', 'diff.sotto.cachetextconv', 'true']] }),
  'mac-stale': (sealed) => ({ now: { [FILE]: sealed.replace(lineOf(sealed, 'user'), '') } }),
  'removed-unrotated': () => ({
    now: { [FILE]: files.forAlice },
    also: ['recipient-missing', 'single-recipient'],
  }),
  'recipients-added': () => ({
    now: { [FILE]: files.forCarol, '.sops.yaml': RULES.replace(BOB, `${BOB},${CAROL}`) },
  }),
  'data-key-changed': () => ({ now: { [FILE]: files.rotated } }),
  'policy-weakened': (sealed) => ({
    now: {
      [FILE]: sealed
        .replace(tokenOf(sealed, 'user'), 'app')
        .replace('unencrypted_suffix: _unencrypted', 'encrypted_regex: ^(password|hosts|key)$'),
    },
    also: ['selector-differs', 'mac-stale', 'token-in-clear-place'],
  }),
  'plaintext-in-history': (sealed) => ({ base: { [FILE]: PLAIN }, next: { [FILE]: sealed } }),
  'rolled-back': (sealed) => ({
    base: { [FILE]: files.changed.replace(/lastmodified: .*/, 'lastmodified: "2999-01-01T00:00:00Z"') },
    now: { [FILE]: sealed },
  }),
  'made-younger': (sealed) => ({
    base: { [FILE]: dated(sealed, '01-01') },
    now: { [FILE]: dated(sealed, '03-01') },
  }),
  'side-dropped': () => ({ merge: true }),
  'value-emptied': (sealed) => ({
    now: { [FILE]: sealed.replace(tokenOf(sealed, 'user'), '""') },
    also: ['mac-stale'],
  }),
  'request-invalid': () => ({ now: { '.sotto/requests/mallory.yaml': 'name: mallory\n' }, adds: true }),
  'plaintext-in-stash': () => ({ now: { [FILE]: PLAIN }, git: [['stash']] }),
};

interface Fault {
  /** Committed first, in the place of the usual file. */
  readonly base?: { readonly [path: string]: string };
  readonly next?: { readonly [path: string]: string };
  /** In the work tree. */
  readonly now?: { readonly [path: string]: string };
  /** What is new has to be staged: git knows nothing of it else. */
  readonly adds?: boolean;
  readonly git?: readonly (readonly string[])[];
  /** A merge that takes one side. */
  readonly merge?: boolean;
  /** What else is true of it. */
  readonly also?: readonly FindingId[];
}

const NEEDS_KEY: readonly FindingId[] = ['mac-mismatch', 'value-undecryptable', 'comment-tampered'];
/** With recipients of its own, or of commits. */
const ELSEWHERE: readonly FindingId[] = [
  'weak-mix',
  'reader-unapproved',
  // In test/cli/exposure.test.ts, and those below in test/cli/expiry.test.ts, which has a clock.
  'exposed',
  'expired',
  'age-unknown',
  'unproven',
  'expires-soon',
  'renewal-pending',
  'owner-missing',
  'secret-unmatched',
];

describe('a repository with one fault', () => {
  test.each(Object.entries(FAULTS))('shows %s', async (id, fault) => {
    here = startGitSession();
    const { base = {}, next, now, adds, git = [], also = [], merge } = fault(files.sealed);
    here.commit({ '.sops.yaml': RULES, [FILE]: files.sealed, 'README.md': '# it\n', ...base });
    if (next !== undefined) here.commit(next);
    if (now !== undefined) here.put(now);
    if (adds === true) here.git('add', '-A');
    for (const args of git) here.git(...args);
    if (merge === true) takeOneSide();
    const { rules, exit, stdout } = await found(...(merge === true ? ['--staged'] : []));
    expect(rules).toContain(id);
    expect(rules.filter((rule) => rule !== id && !NOTES.includes(rule)).sort()).toEqual(
      also.filter((rule) => rule !== id && !NOTES.includes(rule)).sort(),
    );
    expect(stdout).not.toMatch(/hunter2|sk_live|9fKx2|AGE-SECRET|MC4CAQ/);
    const isError = [id, ...also].some((rule) => isErrorId(rule));
    expect(exit).toBe(isError ? 1 : 0);
  });

  test('there is one for each finding', () => {
    const known = [...Object.keys(FAULTS), ...NEEDS_KEY, ...ELSEWHERE];
    expect([...FINDING_IDS].sort()).toEqual(known.sort());
  });
});

const NOTES: readonly string[] = [
  'single-recipient',
  'data-key-changed',
  'recipients-added',
  'rule-unused',
  'driver-missing',
  'hook-missing',
  'recipient-unknown',
];

function isErrorId(id: string): boolean {
  return FINDINGS_OF_ERRORS.has(id);
}

const FINDINGS_OF_ERRORS: ReadonlySet<string> = new Set(
  [
    ...readFileSync(new URL('../../../docs/check.md', import.meta.url), 'utf8').matchAll(
      /^\| \[([\w-]+)\]\(#[\w-]+\) +\| error/gm,
    ),
  ].map(([, id = '']) => id),
);

/** Both branches change a value; the merge keeps ours. */
function takeOneSide(): void {
  here.git('checkout', '-q', '-b', 'other');
  here.commit({ [FILE]: files.changed });
  here.git('checkout', '-q', 'main');
  here.commit({ [FILE]: files.rotated });
  here.git('merge', '-q', '-s', 'ours', '--no-commit', 'other');
}
