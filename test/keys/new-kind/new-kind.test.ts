import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeService } from '../../support/key-service.ts';
import { spawnSync } from '../../support/processes.ts';
import { NODE_MISSING } from '../../support/program.ts';
import { type Outcome, type Session, startSession } from '../../support/session.ts';
import { RECIPIENTS } from '../../support/terminal.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ALICE = RECIPIENTS['ALICE'] ?? '';
const OPEN = { DUMMY_DRAWERS: 'drawer-one' };
const SOURCE = 'password: hunter2 # secret\n';

/** All that a new kind touches: its own file, and a row of the index with its import. */
const ROWS = [
  [/^(?=import .*\bKeyKind\b)/m, "import { dummy } from './dummy.ts';\n"],
  [/(?<=\bKINDS\b[^=]*= \[[^\]]*)(?=\])/, ', dummy'],
] as const;

const withDummy: Plugin = {
  name: 'a new kind of key',
  resolveId: (id) => (id === './dummy.ts' ? fileURLToPath(new URL('dummy.ts', import.meta.url)) : undefined),
  transform: (code, id) =>
    id === join(ROOT, 'src/keys/index.ts')
      ? ROWS.reduce((text, [place, row]) => text.replace(place, row), code)
      : undefined,
};

let build = '';
beforeAll(async () => {
  if (NODE_MISSING !== undefined) return;
  build = mkdtempSync(join(tmpdir(), 'sotto-build-'));
  symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'), 'junction');
  const bundle = await rolldown({
    input: join(ROOT, 'src/cli/main.ts'),
    platform: 'node',
    external: /^@?[a-z][\w-]*(?:\/|$)/,
    plugins: [withDummy],
    logLevel: 'silent',
  });
  await bundle.write({ dir: build, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
});
afterAll(() => {
  if (build !== '') rmSync(build, { recursive: true });
});

let session: Session;
beforeEach(() => {
  session = startSession();
  session.write('plain.yaml', SOURCE);
  return session.end;
});

function sotto(args: readonly string[], environment: { readonly [name: string]: string } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(build, 'main.mjs'), ...args], {
    cwd: session.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: session.folder, ...environment },
    encoding: 'utf8',
  });
  return { exit: status ?? -1, stdout, stderr };
}

const encrypted = (args: readonly string[]): Outcome => {
  const outcome = sotto(['encrypt', ...args, 'plain.yaml']);
  session.write('file.yaml', outcome.stdout);
  return outcome;
};
const WELL = { exit: 0, stderr: '' };

describe.skipIf(NODE_MISSING !== undefined)('a kind of key with a declaration and a row in the index', () => {
  test('encrypts and decrypts', () => {
    expect(encrypted(['--dummy', 'drawer-one'])).toMatchObject(WELL);
    expect(session.read('file.yaml')).toMatch(
      /^ {4}dummy:\n {8}- created_at: "[^"]+"\n {10}drawer: drawer-one\n {10}enc: \S{44}\n/m,
    );
    expect(sotto(['decrypt', 'file.yaml'], OPEN)).toEqual({ ...WELL, stdout: SOURCE });
  });

  test('is named by the variable of its flag', () => {
    const { exit, stdout } = sotto(['encrypt', 'plain.yaml'], { SOPS_DUMMY_DRAWERS: 'drawer-one' });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringContaining('drawer: drawer-one\n') });
  });

  test('is named by rules and key groups, and updatekeys and rotate change it', () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n    dummy_drawer: drawer-one\n`);
    expect(encrypted([])).toMatchObject(WELL);
    session.write(
      '.sops.yaml',
      'creation_rules:\n  - key_groups:\n      - dummy: [{box: drawer-one}, {box: drawer-two}]\n',
    );
    const updated = sotto(['updatekeys', '-y', 'file.yaml'], OPEN);
    expect(updated.exit, updated.stderr).toBe(0);
    expect(updated.stderr).not.toContain('warning');
    expect(session.read('file.yaml')).not.toContain(ALICE);
    expect(session.read('file.yaml').match(/drawer: .*/g)).toEqual([
      'drawer: drawer-two',
      'drawer: drawer-one',
    ]);
    const rotated = sotto(['rotate', '-i', '--rm-dummy', 'drawer-one', '--accept-file', 'file.yaml'], OPEN);
    expect(rotated.exit, rotated.stderr).toBe(0);
    expect(session.read('file.yaml').match(/drawer: .*/g)).toEqual(['drawer: drawer-two']);
    expect(sotto(['decrypt', 'file.yaml'], { DUMMY_DRAWERS: 'drawer-two' })).toEqual({
      ...WELL,
      stdout: SOURCE,
    });
  });

  test('is tried in the order that is asked for, and says why it does not open', () => {
    encrypted(['--dummy', 'drawer-one', '--age', ALICE]);
    const { exit, stderr } = sotto(['decrypt', '--decryption-order', 'dummy,age', 'file.yaml']);
    expect(exit).toBe(128);
    expect(stderr).toMatch(/\n {2}drawer-one: dummy: the drawer is locked\n[\s\S]*looked in: /);
    expect(stderr).toContain('set DUMMY_DRAWERS to the drawers that are open');
  });

  test('refuses what is no recipient of its own, and tells others of its own', () => {
    expect(encrypted(['--dummy', 'cupboard']).stderr).toContain(
      'malformed dummy key "cupboard": it is not drawer-NAME',
    );
    expect(encrypted(['--age', 'drawer-one']).stderr).toContain(
      'it looks like a dummy drawer, which belongs into the field dummy_drawer',
    );
  });

  test('is known to key services', async () => {
    encrypted(['--dummy', 'drawer-one']);
    const [, enc = ''] = /enc: (\S{44})/.exec(session.read('file.yaml')) ?? [];
    const service = await startFakeService(() => Buffer.from(enc, 'base64').reverse());
    try {
      const child = spawn(
        process.execPath,
        [join(build, 'main.mjs'), 'decrypt', '--keyservice', service.uri, 'file.yaml'],
        { cwd: session.folder, env: { PATH: process.env['PATH'] ?? '', HOME: session.folder } },
      );
      const pieces: Buffer[] = [];
      child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
      await new Promise((accept) => child.on('close', accept));
      expect(Buffer.concat(pieces).toString()).toBe(SOURCE);
    } finally {
      service.end();
    }
  });

  test('stands in the help', () => {
    const { stdout } = sotto(['rotate', '--help']);
    expect(stdout).toMatch(/--add-dummy\b.*dummy drawers to add/);
  });
});
