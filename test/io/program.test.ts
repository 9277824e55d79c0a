import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../src/io/child.ts';
import { runProgram, startProgram } from '../../src/io/program.ts';
import { spawnSync } from '../support/processes.ts';

const PATH = { PATH: process.env['PATH'] };
const HERE = process.cwd();
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe('a program that is run', () => {
  test('gets bytes on its stdin, and says how it ended', async () => {
    const script = 'cat; echo to people >&2; exit 3';
    const bytes = Uint8Array.of(0, 255, 10);
    const result = await runProgram('sh', ['-c', script], { stdin: bytes, environment: PATH }, HERE);
    expect({ ...result, stdout: [...result.stdout] }).toEqual({
      status: 3,
      stdout: [...bytes],
      stderr: 'to people\n',
    });
  });

  test('has an empty stdin where there is nothing for it, so that it does not wait', async () => {
    expect(text((await runProgram('cat', [], { environment: PATH }, HERE)).stdout)).toBe('');
  });

  test('may end without reading a large input', async () => {
    const stdin = new Uint8Array(4_000_000);
    expect((await runProgram('true', [], { stdin, environment: PATH }, HERE)).status).toBe(0);
  });

  test('that is not there is an error', async () => {
    await expect(runProgram('/nowhere', [], {}, HERE)).rejects.toThrow('no such file or directory');
  });

  test('ended by a signal has no status', async () => {
    expect(
      (await runProgram('sh', ['-c', 'kill -9 $$'], { environment: PATH }, HERE)).status,
    ).toBeUndefined();
  });
});

describe('a command', () => {
  test('is split as by a shell, and gives the bytes that it prints', async () => {
    expect(text(await runCommand(`printf '%s|' "a b" c`, PATH, HERE))).toBe('a b|c|');
  });

  test('that fails is an error without its output', async () => {
    const failed = runCommand(`sh -c 'echo secret; echo secret >&2; exit 7'`, PATH, HERE);
    await expect(failed).rejects.toThrow(/^the command ended with status 7$/);
  });
});

describe('a program to talk to', () => {
  test('answers, and says how it ended', async () => {
    const program = startProgram(
      'sh',
      ['-c', 'while read line; do echo "<$line>"; done; exit 4'],
      PATH,
      HERE,
    );
    program.write(Buffer.from('one\n'));
    expect(text(await program.read())).toBe('<one>\n');
    program.write(Buffer.from('two\n'));
    expect(text(await program.read())).toBe('<two>\n');
    expect(await program.end()).toMatchObject({ status: 4 });
  });

  test('that ends by itself has nothing more to read', async () => {
    const program = startProgram('sh', ['-c', 'echo bye'], PATH, HERE);
    expect(text(await program.read())).toBe('bye\n');
    expect(await program.read()).toBeUndefined();
    expect(() => program.write(Buffer.from('x'))).toThrow('ended');
  });

  test('that is not there is an error when it is read from', async () => {
    await expect(startProgram('/nowhere', [], PATH, HERE).read()).rejects.toThrow(
      'no such file or directory',
    );
  });

  test('does not keep this process from ending', () => {
    const module = fileURLToPath(new URL('../../dist/io/program.js', import.meta.url));
    const script = `
      const { startProgram } = await import(${JSON.stringify(module)});
      const program = startProgram('cat', [], process.env, '.');
      program.write(Buffer.from('hello'));
      process.stdout.write(await program.read());`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 10_000,
    });
    expect({ status, stdout: text(stdout) }).toEqual({ status: 0, stdout: 'hello' });
  });
});
