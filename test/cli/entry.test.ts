import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ask, begin, PLAIN, serve } from '../support/key-service-session.ts';
import { spawnSync } from '../support/processes.ts';
import { MAIN, NODE_MISSING, UNIX_MISSING } from '../support/program.ts';
import { startSession } from '../support/session.ts';

test.skipIf(UNIX_MISSING !== undefined)('a signal opens no debugger', async () => {
  const session = await begin();
  const server = await serve(session);
  server.child.kill('SIGUSR1');
  // It has seen the signal when it answers.
  expect((await ask(session, server.uri, ['decrypt', 'a.yaml'])).stdout).toBe(PLAIN);
  server.child.kill('SIGTERM');
  const { stderr, exit } = await server.ended;
  expect({ exit, isOpen: stderr.includes('Debugger') }).toEqual({ exit: 0, isOpen: false });
});

if (NODE_MISSING !== undefined) console.info(`cli/entry: ${NODE_MISSING}`);

describe.skipIf(NODE_MISSING !== undefined)('the first file', () => {
  test.each([
    ['18.20.8', true],
    ['20.18.3', true],
    ['21.7.3', false],
  ])('Node %s gets a line that says which one is needed', (version, hasBuiltins) => {
    const session = startSession();
    const gone = hasBuiltins ? '' : 'delete process.getBuiltinModule;';
    session.write(
      'pretend.cjs',
      `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });${gone}`,
    );
    const args = ['-r', session.path('pretend.cjs'), MAIN, '--version'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^sotto needs Node\.js 20\.19 or newer [^\n]*; this is v[^\n]*\n$/);
    session.end();
  });

  test('old Nodes, which take the first file for a script, understand it', () => {
    const session = startSession();
    const text = readFileSync(MAIN, 'utf8');
    session.write('sotto.cjs', text);
    const args = ['--check', session.path('sotto.cjs')];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stderr).toBe('');
    // Words that Node 12 does not know.
    expect(text.replace(/\/\/.*/g, '')).not.toMatch(
      /\?\?|\?\.|\bawait\b|\bstatic\b|#\w+ *[=(]|\|\|=|&&=|\d_\d/,
    );
    session.end();
  });

  test('the version that is asked for is the one that the package needs', () => {
    const { engines } = JSON.parse(
      readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
    );
    expect(engines.node).toBe('>=20.19');
    expect(readFileSync(MAIN, 'utf8')).toContain('major === 20 && minor >= 19');
  });
});
