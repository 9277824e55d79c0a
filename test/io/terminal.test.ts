import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';

/** `script` of util-linux gives a program a terminal of its own. */
const SCRIPT_MISSING =
  spawnSync('script', ['--version']).status === 0 ? undefined : 'skipped: script is not installed';
if (SCRIPT_MISSING !== undefined) console.info(`io/terminal: ${SCRIPT_MISSING}`);

const MODULE = fileURLToPath(new URL('../../dist/io/terminal.js', import.meta.url));

/** Run code on a terminal where somebody types. @returns what the terminal shows */
function onTerminal(code: string, typed: string, redirect = ''): string {
  const program = `const t = await import(${JSON.stringify(MODULE)}); ${code}`;
  const node = `${process.execPath} --input-type=module -e '${program}' ${redirect}`;
  // The typing waits for the question.
  const shell = `(sleep 1; printf '%b' '${typed}'; sleep 1) | script -qec "$COMMAND" /dev/null`;
  const env = { PATH: process.env['PATH'], COMMAND: node };
  return spawnSync('sh', ['-c', shell], { env, timeout: 20_000 }).stdout.toString();
}

describe.skipIf(SCRIPT_MISSING !== undefined)('on a terminal', () => {
  const ask = 'console.log(JSON.stringify(await t.askSecret("Passphrase: ")))';

  test('a secret is asked for and does not show', () => {
    const shown = onTerminal(ask, 'geheim\\r');
    expect(shown.match(/geheim/g)).toHaveLength(1);
    expect(shown).toMatch(/Passphrase: \r?\n"geheim"/);
  });

  test('backspace takes a letter back, and stdin may be a file', () => {
    expect(onTerminal(ask, 'gehx\\0177eim\\r', '</dev/null')).toContain('"geheim"');
  });

  test('Ctrl+C is no answer', () => {
    expect(onTerminal(ask, 'geh\\0003')).toContain('undefined');
  });

  test('what may be seen is asked for where stdin is a file', () => {
    const openly = 'console.log(JSON.stringify(await t.askOpenly("Slot: ")))';
    const shown = onTerminal(openly, 'nine\\r', '</dev/null');
    expect(shown.match(/nine/g)).toHaveLength(2); // typed, and answered
    expect(shown).toContain('"nine"');
  });

  test('its name is known', () => {
    expect(onTerminal('console.log(t.terminalName())', '')).toMatch(/^\/dev\/\S+/);
    expect(onTerminal('console.error(t.terminalName())', '', '</dev/null')).toMatch(/^\/dev\/\S+/);
  });
});

test.skipIf(SCRIPT_MISSING !== undefined)('without a terminal nobody is asked, and there is no name', () => {
  const code = `const t = await import(${JSON.stringify(MODULE)}); console.log(t.terminalName(), await t.askSecret("?"))`;
  const { stdout } = spawnSync('setsid', ['-w', process.execPath, '--input-type=module', '-e', code], {
    timeout: 10_000,
  });
  expect(stdout.toString()).toBe('undefined undefined\n');
});
