import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BINARY, runProgram } from '../support/program.ts';
import { startSealedSession } from '../support/sealed-session.ts';
import type { Outcome, Session } from '../support/session.ts';

/** The program as one file, which holds a whole runtime: nothing may make that runtime do anything else. */
const MISSING = BINARY === undefined ? 'skipped: SOTTO_BIN does not name the program as one file' : undefined;
if (MISSING !== undefined) console.info(`cli/binary: ${MISSING}`);

describe.skipIf(MISSING !== undefined)('the program as one file', () => {
  let session: Session;
  beforeAll(async () => {
    session = await startSealedSession({ 'a.yaml': 'a: secret\n' });
    session.write('mark.js', "require('node:fs').writeFileSync('marked', '');\n");
  });
  afterAll(() => session.end());

  /** What a command does in this folder, and that nobody ran the script that lies there. */
  function decrypt(environment: { readonly [name: string]: string } = {}): Outcome {
    const outcome = runProgram(session, ['decrypt', 'a.yaml'], { environment });
    expect(existsSync(session.path('marked'))).toBe(false);
    return outcome;
  }

  test.each([
    ['BUN_BE_BUN', '1'],
    ['BUN_OPTIONS', '--preload=./mark.js'],
    ['BUN_INSPECT_PRELOAD', './mark.js'],
    ['NODE_OPTIONS', '--require=./mark.js'],
  ])('does not obey %s', (name, value) => {
    expect(decrypt({ [name]: value })).toEqual({ exit: 0, stdout: 'a: secret\n', stderr: '' });
    const { stdout } = runProgram(session, ['--version'], { environment: { [name]: value } });
    expect(stdout).toMatch(/^sotto \d/);
  });

  test('reads no .env of the working folder', () => {
    session.write('.env', 'SOPS_AGE_KEY_FILE=/nowhere\nSOPS_AGE_KEY=none\n');
    session.write('.env.production', 'SOPS_AGE_KEY=none\n');
    expect(decrypt()).toEqual({ exit: 0, stdout: 'a: secret\n', stderr: '' });
    const { stdout } = runProgram(session, ['exec-env', 'a.yaml', 'env']);
    expect(stdout).not.toContain('SOPS_AGE_KEY=none');
  });

  test('reads no bunfig.toml, package.json or tsconfig.json of the working folder', () => {
    session.write('bunfig.toml', 'preload = ["./mark.js"]\n');
    session.write('package.json', '{"imports": {"node:fs": "./mark.js"}, "type": "commonjs"}\n');
    session.write('tsconfig.json', '{"compilerOptions": {"paths": {"*": ["./mark.js"]}}}\n');
    expect(decrypt()).toEqual({ exit: 0, stdout: 'a: secret\n', stderr: '' });
  });

  test('takes words that are flags of its runtime for its own', () => {
    const { exit, stderr } = runProgram(session, ['decrypt', '--preload', './mark.js', 'a.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain('preload');
    expect(existsSync(session.path('marked'))).toBe(false);
  });
});
