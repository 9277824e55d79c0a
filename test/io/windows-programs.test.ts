import { describe, expect, test } from 'vitest';
import { batchCommand, isBatchFile } from '../../src/io/batch-file.ts';
import { splitWindowsWords } from '../../src/io/shell-words.ts';

describe('a command line of Windows', () => {
  test.each([
    ['C:\\vim\\gvim.exe -f', ['C:\\vim\\gvim.exe', '-f']],
    ['"C:\\Program Files\\Code\\Code.exe" --wait', ['C:\\Program Files\\Code\\Code.exe', '--wait']],
    ["'C:\\a b\\c.exe'", ['C:\\a b\\c.exe']],
    ['code --wait', ['code', '--wait']],
    ['a --x="b c"', ['a', '--x=b c']],
    ['  ', []],
  ])('%s keeps its backslashes', (line, words) => {
    expect(splitWindowsWords(line)).toEqual(words);
  });

  test('with a quote that is not closed is an error', () => {
    expect(() => splitWindowsWords('"C:\\a b --wait')).toThrow('a quote is not closed');
  });
});

describe('a batch file', () => {
  test('is known by its suffix, on Windows', () => {
    expect(isBatchFile('C:\\bin\\code.CMD', 'win32')).toBe(true);
    expect(isBatchFile('C:\\bin\\code.exe', 'win32')).toBe(false);
    expect(isBatchFile('/bin/code.cmd', 'linux')).toBe(false);
  });

  test('gets its arguments so that cmd.exe takes nothing in them for its own', () => {
    const [, , , line = ''] = batchCommand('C:\\Program Files\\code.cmd', ['--wait', 'a&b %PATH% "q".yaml']);
    expect(line).toBe(
      '"C:\\Program^ Files\\code.cmd ^^^"--wait^^^" ^^^"a^^^&b^^^ ^^^%PATH^^^%^^^ \\^^^"q\\^^^".yaml^^^""',
    );
  });
});
