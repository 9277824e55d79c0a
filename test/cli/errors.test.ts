import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statusesOf } from '../../src/cli/explanations.ts';
import { EXIT_STATUS } from '../../src/errors.ts';
import { VECTORS } from '../support/cases.ts';
import type { Session, World } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

/** Stands in everything that must never be told. */
const MARKER = 'mArKeR7391';
const SECRET_KEY =
  /AGE-SECRET-KEY-1\w+/.exec(readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8'))?.[0] ?? '';
const ALICE = RECIPIENTS['ALICE'] ?? '';

const NO_FILE = { SOPS_AGE_KEY_FILE: 'missing.txt' };

/** Files that something is wrong with, and that hold the marker. */
const FILES: { readonly [name: string]: string } = {
  'quote.yaml': `a: "${MARKER}\nb: 1\n`,
  'flow.yaml': `a: [${MARKER}\nb: }\n`,
  'tab.yaml': `a:\n\t${MARKER}: 1\n`,
  'colon.yaml': `a: ${MARKER}: ${MARKER}\n`,
  'tag.yaml': `a: !!int ${MARKER}\n`,
  'directive.yaml': `%YAML 1.2\n---\na: ${MARKER}\n`,
  'alias.yaml': `a: *${MARKER}\n`,
  'escape.yaml': `a: "\\q${MARKER}"\n`,
  'scalar.yaml': `${MARKER}\n`,
  'list.yaml': `- ${MARKER}\n`,
  'duplicate.yaml': `a: ${MARKER}\na: 1\n`,
  'number.yaml': `a: ${MARKER}\nb: 9223372036854775808\n`,
  'key.yaml': `a: ${MARKER}\n1: ${MARKER}\n`,
  'comment.yaml': `# ${MARKER}\n`,
  'later.yaml': `a: ${MARKER}\n---\nsops: ${MARKER}\n`,
  'empty.yaml': '',
  'value.json': `{"a": ${MARKER}}`,
  'string.json': `{"a": "${MARKER}`,
  'rest.json': `{"a": 1} ${MARKER}`,
  'list.json': `["${MARKER}"]`,
  'word.json': MARKER,
  'control.json': `{"a": "${MARKER}\n"}`,
  'key.txt': `# ${MARKER}\n${SECRET_KEY.slice(0, -1)}\n`,
  'noise.txt': `${MARKER}\n`,
  'two.txt': `${SECRET_KEY}\n${MARKER}\n`,
  'config-key.yaml': `creation_rules:\n  - age: ${SECRET_KEY}\n`,
};

/** Calls in which there is nothing wrong with a file, or nothing that matters. */
const FINE: ReadonlySet<string> = new Set([
  ...['comment.yaml', 'empty.yaml', 'later.yaml', 'value.json', 'control.json', 'config-key.yaml'].map(
    (name) => `config ${name}`,
  ),
  ...['value.json', 'control.json', 'config-key.yaml'].map((name) => `onto ${name}`),
  'encrypt config-key.yaml',
  'convert config-key.yaml',
  'convert later.yaml',
]);

const WITH_FILES: readonly (readonly [what: string, line: (name: string) => readonly string[]])[] = [
  ['encrypt', (name) => ['encrypt', '-i', '--age', ALICE, name]],
  ['convert', (name) => ['encrypt', '--age', ALICE, '--output-type', other(name), name]],
  ['decrypt', (name) => ['decrypt', name]],
  ['set', (name) => ['set', name, '["a"]', '1']],
  ['rotate', (name) => ['rotate', name]],
  ['updatekeys', (name) => ['updatekeys', '-y', name]],
  ['onto', (name) => ['encrypt', '--onto', 'secret.yaml', name]],
  ['config', (name) => ['--config', name, 'decrypt', 'secret.yaml']],
];

function other(name: string): string {
  return name.endsWith('json') ? 'yaml' : 'json';
}

const failing: readonly (readonly [line: readonly string[], world?: World])[] = [
  ...Object.keys(FILES)
    .filter((name) => /\.(?:yaml|json)$/.test(name))
    .flatMap((name) =>
      WITH_FILES.filter(([what]) => !FINE.has(`${what} ${name}`)).map(([, line]) => [line(name)] as const),
    ),
  [['set', 'marked.yaml', '["a"]', MARKER]],
  [['set', 'marked.yaml', '["a"]', `"${MARKER}`]],
  [['set', 'marked.yaml', `${MARKER}[`, '1']],
  [['--set', `["a"] ${MARKER}`, 'marked.yaml']],
  [['--set', `["a"]${MARKER}`, 'marked.yaml']],
  [['set', '--value-stdin', 'marked.yaml', '["a"]'], { stdin: `${MARKER}\n` }],
  [['set', '--value-file', 'marked.yaml', '["a"]', 'noise.txt']],
  [['set', 'marked.yaml', '["a"]', MARKER, MARKER]],
  [['encrypt', '--filename-override', 'x.yaml', '--age', ALICE], { stdin: `a: "${MARKER}` }],
  [['encrypt', '--age', SECRET_KEY, 'plain.yaml']],
  [['encrypt', '--age', `${ALICE},${SECRET_KEY.toLowerCase()}`, 'plain.yaml']],
  [['encrypt', 'plain.yaml'], { environment: { SOPS_AGE_RECIPIENTS: SECRET_KEY } }],
  [['--config', 'config-key.yaml', 'encrypt', 'plain.yaml']],
  [['rotate', '--add-age', SECRET_KEY, 'marked.yaml']],
  [['decrypt', 'marked.yaml'], { environment: { SOPS_AGE_KEY: `${SECRET_KEY.slice(0, -1)}Q`, ...NO_FILE } }],
  [['decrypt', 'marked.yaml'], { environment: { SOPS_AGE_KEY: MARKER, ...NO_FILE } }],
  [['decrypt', 'marked.yaml'], { environment: { SOPS_AGE_KEY_FILE: 'key.txt' } }],
  [['decrypt', 'marked.yaml'], { environment: { SOPS_AGE_KEY_FILE: 'two.txt' } }],
  [['decrypt', 'marked.yaml'], { environment: { SOPS_AGE_KEY_CMD: 'cat key.txt', ...NO_FILE } }],
  [['decrypt', 'marked.yaml'], { environment: { SOPS_AGE_KEY_CMD: 'cat noise.txt missing', ...NO_FILE } }],
  [['keygen', '--show', 'key.txt']],
  [['keygen', '--show', 'two.txt']],
  [['keygen', '--show', 'noise.txt']],
  [['keygen', '--output', 'key.txt']],
  [['decrypt', 'tampered-clear.yaml']],
  [['decrypt', 'tampered-token.yaml']],
  [['decrypt', 'tampered-mac.yaml']],
  [['decrypt', 'plain-inside.yaml']],
  [['set', 'tampered-clear.yaml', '["a"]', '1']],
  [['rotate', 'tampered-token.yaml']],
  [['edit', 'tampered-clear.yaml'], { environment: { EDITOR: 'true' } }],
  [['edit', 'marked.yaml'], { environment: { EDITOR: `sh -c 'echo "a: [" >> "$0"'` } }],
  [['edit', 'marked.yaml'], { environment: { EDITOR: `sh -c 'echo "b: \\"${MARKER}" >> "$0"'` } }],
  [['edit', 'marked.yaml'], { environment: { EDITOR: `sh -c 'exit 3'` } }],
  [['decrypt', '--extract', '["a"]["b"]', 'marked.yaml']],
  [['decrypt', '--extract', '["nope"]', 'marked.yaml']],
  [['unset', 'marked.yaml', '["nope"]']],
  [['decrypt', '--output', 'no/where.yaml', 'marked.yaml']],
  [['decrypt', '-i', '--output', 'x', 'marked.yaml']],
  [['encrypt', '--age', ALICE, '--encrypted-regex', '(', 'clear.yaml']],
  [['updatekeys', 'marked.yaml']],
  [['nonsense.txt']],
];

let session: Session;
beforeAll(async () => {
  session = await startWithFiles();
  for (const [name, text] of Object.entries(FILES)) session.write(name, text);
  const clear = `a: ${MARKER}\nlist:\n  - ${MARKER}\n  - 2\nhost_unencrypted: open\n# ${MARKER}\n`;
  session.write('clear.yaml', clear);
  const { stdout } = await session.sotto(['encrypt', '--age', ALICE, 'clear.yaml']);
  session.write('marked.yaml', stdout);
  session.write('tampered-clear.yaml', stdout.replace('open', 'other'));
  session.write('tampered-token.yaml', stdout.replace(/(a: ENC\[AES256_GCM,data:)./, '$1!'));
  session.write('tampered-mac.yaml', stdout.replace(/(mac: ENC\[AES256_GCM,data:)../, '$1xx'));
  session.write('plain-inside.yaml', stdout.replace(/a: ENC\S+/, `a: ${MARKER}`));
});
afterAll(() => session.end());

describe.each(failing.map(([line, world = {}]) => ({ line, world })))('$line $world', ({ line, world }) => {
  test('says what failed and what to do, and tells no secret', async () => {
    const environment = { SOPS_AGE_KEY_FILE: session.path('alice.key'), ...world.environment };
    const { exit, stdout, stderr } = await session.sotto(line, { ...world, environment });
    expect({ exit, stderr }).not.toEqual({ exit: 0, stderr });
    expect(stdout).toBe('');
    expect(stderr).not.toContain(MARKER);
    expect(stderr.toUpperCase()).not.toContain(SECRET_KEY.slice(17, 30));
    const [, code = ''] = /\nfix: \S.*\nexplain: sotto explain (\S+)\n$/.exec(stderr) ?? [];
    expect(Object.keys(EXIT_STATUS)).toContain(code);
    expect(stderr).not.toMatch(/\n\s+at \S+ \(|an unexpected|undefined|\[object/);
  });

  test('has a code as JSON', async () => {
    if (line[0]?.startsWith('-') !== false || line.length === 1) return;
    const environment = { SOPS_AGE_KEY_FILE: session.path('alice.key'), ...world.environment };
    const { exit, stderr } = await session.sotto([...line, '--json'], { ...world, environment });
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(statusesOf(error.code)).toMatch(new RegExp(`(?:^|; )${exit}(?: |;|$)`));
    expect(error).toMatchObject({ exit, message: expect.any(String), hint: expect.any(String) });
    expect(stderr).not.toContain(MARKER);
  });
});

test('colour is for terminals only', async () => {
  const { stderr } = await session.sotto(['decrypt', 'missing.yaml']);
  expect(stderr).not.toContain('\u001b');
});
