import dotenvPackage from 'dotenv';
import { describe, expect, test } from 'vitest';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import { SottoError } from '../../src/errors.ts';
import { standard } from '../../src/formats/dotenv/index.ts';
import { requoted } from '../../src/formats/dotenv/standard/quote.ts';
import { decrypt, encrypt, newIdentityFile, set, unset } from '../../src/index.ts';
import { standardText } from '../support/dotenv-documents.ts';
import fc from '../support/laws.ts';

const KEY = await newIdentityFile(new Date());
const DOTENV = { format: 'dotenv', identities: KEY.text } as const;

/** The variables of a text; of a repeated one the last, as in any program. */
function read(text: string): { [key: string]: string } {
  const [root] = standard.read(withoutMark(text, standard)).roots;
  return Object.fromEntries(
    (root?.items ?? []).flatMap((item) =>
      item.kind === 'entry' && item.value.kind === 'value' ? [[item.key, item.value.value.text]] : [],
    ),
  );
}

/** What the reading is for lines on which readers agree, and on which they do not; the last column is that of dotenv. */
const LINES: readonly (readonly [line: string, value: string, dotenv?: string])[] = [
  ['A=1', '1'],
  ['A=', ''],
  ['A==', '='],
  ['  A = two words  ', 'two words'],
  ['export A=1', '1'],
  ['A: 1', '1'],
  ['A=1\r\n', '1'],
  ['\ufeffA=1', '1'],
  ['A="two words"', 'two words'],
  ["A='two words'", 'two words'],
  ['A=`two words`', 'two words'],
  ['A=""', ''],
  ['A="a\\nb"', 'a\nb'],
  ["A='a\\nb'", 'a\\nb'],
  ['A=a\\nb', 'a\\nb'],
  ['A="a\nb"', 'a\nb'],
  ['A="a\r\nb"', 'a\nb'],
  ["A='a\nB=2'", 'a\nB=2'],
  ['A=1 # c', '1'],
  ['A="1" # c', '1'],
  ['A="1"#c', '1'],
  ['A="#1"', '#1'],
  ['A= # c', ''],
  ["A=it's", "it's"],
  ['A=a"b"', 'a"b"'],
  ['A=`', '`'],
  ['A=$B', '$B'],
  ['A="$B"', '$B'],
  ['A="it\'s"', "it's"],
  ['A=`"\'`', '"\''],
  ['A=1\nA=2', '2'],
  ['A=1\nB', '1'],
  ['A=a#b', 'a#b', 'a'],
  ['A=#b', '#b', ''],
  ['A="a\\"b"', 'a"b', 'a\\"b'],
  ['A="a\\\\b"', 'a\\b', 'a\\\\b'],
  ['A="C:\\\\new"', 'C:\\new', 'C:\\\new'],
  ['A="a\\tb\\0101\\$c"', 'a\tbA$c', 'a\\tb\\0101\\$c'],
  ['A="\\x\\01"', '\\x\\01'],
  ["A='it\\'s'", "it's", "it\\'s"],
  ["A='C:\\\\'", 'C:\\\\'],
];

const ROWS = LINES.map(([line, value, other = value]) => [line, value, other] as const);

test.each(ROWS)('%j is read as %j', (line, value, other) => {
  expect(read(line)['A']).toBe(value);
  expect(dotenvPackage.parse(line)['A']).toBe(other);
});

test('what docker compose and dotenv read alike, generated, is read so here', () => {
  fc.assert(
    fc.property(standardText, (text) => {
      // On these the two differ, or dotenv does not know the key; the table above has them.
      fc.pre(!/\\|[^\s]#|[=:]\s*#|é|\[/.test(text));
      expect(read(text)).toEqual({ ...dotenvPackage.parse(text) });
    }),
    { numRuns: 500, maxSkipsPerRun: 4, seed: Number(process.env['SOTTO_SEED'] ?? 20261124) },
  );
});

const HARD_TEXT = fc.string({
  unit: fc.constantFrom('\\', "'", '"', '`', '$', '#', ' ', 'n', '\n', '\r', '\t', '0', 'x', 'é', '\0', '='),
});

test('a value in the quotes that are chosen for it is read as that value, by dotenv as well if it needs no escapes', () => {
  fc.assert(
    fc.property(
      HARD_TEXT,
      fc.constantFrom('' as const, '"' as const, "'" as const, '`' as const),
      (value, quote) => {
        const line = `A=${requoted(value, quote)} # c`;
        expect(read(line)).toEqual({ A: value });
        if (line.startsWith('A="') && line.includes('\\')) return;
        expect(dotenvPackage.parse(line)).toEqual({ A: value });
      },
    ),
    { numRuns: 2000 },
  );
});

const REFUSED: readonly (readonly [text: string, line: number, column: number, hint: string])[] = [
  ['A=1\nB="zqsecretqz\n', 2, 3, 'close it'],
  ['A="zqsecretqz"x\n', 1, 15, 'other quotes'],
  ['A=1\nB="x\nC="zqsecretqz"\n', 3, 4, 'other quotes'],
  ['zqsecretqz words\n', 1, 11, '= behind it'],
  ['A=1\n  "zqsecretqz"\n', 2, 3, 'begins with a key'],
  ['A:zqsecretqz\n', 1, 2, 'KEY=VALUE'],
  ['A/B=zqsecretqz\n', 1, 2, 'letters, digits'],
  ['A=1\rB=zqsecretqz\n', 1, 4, '\\r'],
  ['# c\u2028B=zqsecretqz\n', 1, 4, 'in quotes'],
  ['A=b\u2028B=zqsecretqz\n', 1, 4, 'in quotes'],
];

test.each(REFUSED)('%j is refused with its place, and not shown', (text, line, column, hint) => {
  const error = caught(() => standard.read(text));
  expect(error).toBeInstanceOf(SottoError);
  expect(error).toMatchObject({ exit: 2, details: { line, column, hint: expect.stringContaining(hint) } });
  expect(JSON.stringify(error) + String(error)).not.toContain('zqsecretqz');
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

const FILE = [
  '\ufeff# head',
  'export A="two words" # beside',
  '   # indented',
  '',
  "B = 'C:\\new'\t",
  "OPEN_unencrypted='a # b'  # why",
  'FROM_OUTSIDE',
  '\t',
  'D="line',
  'line"',
  'E=',
  '  ',
].join('\n');

async function sealed(text = FILE, selector?: { kind: 'encrypted_regex'; pattern: string }) {
  const given = selector === undefined ? {} : { selector };
  const options = { format: 'dotenv', dialect: 'standard', recipients: [KEY.recipient], ...given } as const;
  return (await encrypt(text, options)).text;
}

const opened = async (text: string) => (await decrypt(text, DOTENV)).text;

describe('a file in the dialect standard', () => {
  test("is one in sops's own when it is encrypted: bare names, nothing behind a token, values in clear respelled", async () => {
    const lines = (await sealed()).split('\n').filter((line) => !line.startsWith('sops_'));
    expect(lines.map((line) => line.replace(/ENC\[[^\]]*\]/, 'ENC'))).toEqual([
      '#ENC',
      'A=ENC',
      '#ENC',
      '',
      'B=ENC',
      'OPEN_unencrypted=a # b',
      '',
      '',
      'D=ENC',
      'E=',
      '',
    ]);
  });

  test('comes back byte for byte, with the same carriage returns', async () => {
    expect(await opened(await sealed())).toBe(FILE);
    const crlf = FILE.replaceAll('\n', '\r\n');
    expect(await opened(await sealed(crlf))).toBe(crlf);
  });

  test('that was changed without its frame is what sops makes of it, with a warning', async () => {
    const printed =
      '# head\nA=two words\n# indented\n\nB=C:\\new\nOPEN_unencrypted=a # b\n\n\nD=line\\nline\nE=\n';
    const file = await sealed();
    for (const changed of [
      file.replace(/^sops_sotto__map_layout=.*\n/m, ''),
      file.replace(/^sops_sotto__map_frame=.*\n/m, ''),
      file.replace(/^sops_sotto__map_dialect=.*\n/m, ''),
      file.replace(/^(?=#ENC)/m, '\n'),
    ]) {
      const { text, warnings } = await decrypt(changed, DOTENV);
      expect(text.trimStart()).toBe(printed);
      expect(warnings).toHaveLength(1);
      await expect(decrypt(changed, { ...DOTENV, markup: 'strict' })).rejects.toMatchObject({
        code: 'markup-unvouched',
      });
    }
  });

  test('is not what a mark makes of a file that is in sops’s own', async () => {
    const plain = 'A="two words"\n';
    const own = (await encrypt(plain, { format: 'dotenv', recipients: [KEY.recipient] })).text;
    const marked = own.replace(/^sops_version/m, 'sops_sotto__map_dialect=standard\nsops_version');
    const { text, warnings } = await decrypt(marked, DOTENV);
    expect([text, warnings.length]).toEqual([plain, 1]);
  });

  test('has its mark in the frame: taken away or put in, it changes no value silently', async () => {
    const marked = await sealed('A="two words"\n');
    expect(marked).not.toContain('map_layout');
    const bare = await decrypt(marked.replace(/^sops_sotto__map_dialect=.*\n/m, ''), DOTENV);
    expect([bare.text, bare.warnings.length]).toEqual(['A=two words\n', 1]);
    const plain = 'A="two words"';
    const own = (await encrypt(plain, { format: 'dotenv', recipients: [KEY.recipient] })).text;
    expect(own).toContain('map_frame');
    const put = own.replace(/^sops_version/m, 'sops_sotto__map_dialect=standard\nsops_version');
    expect((await decrypt(put, DOTENV)).text).toBe(plain);
  });

  test('gives values without quotes to other formats', async () => {
    const { text } = await decrypt(await sealed(), { ...DOTENV, output: 'json' });
    expect(JSON.parse(text)).toEqual({
      A: 'two words',
      B: 'C:\\new',
      OPEN_unencrypted: 'a # b',
      D: 'line\nline',
      E: '',
    });
    expect((await decrypt(await sealed(), { ...DOTENV, extract: '["B"]' })).text).toBe('C:\\new');
  });

  test.each([
    ['["A"]', 'new', 'export A="two words" # beside', 'export A="new" # beside'],
    ['["A"]', '$x"y', 'export A="two words" # beside', "export A='$x\"y' # beside"],
    ['["B"]', "it's", "B = 'C:\\new'", 'B = "it\'s"'],
    ['["E"]', 'a b', 'E=', 'E="a b"'],
    ['["OPEN_unencrypted"]', 'x', "='a # b'  #", "='x'  #"],
    ['["D"]', 'one', '"line\nline"', '"one"'],
    ['["D"]', 'a\nb\\n', '"line\nline"', '"a\\nb\\\\n"'],
    ['["B"]', 5, "'C:\\new'", "'5'"],
  ])('set %s to %j changes the value and nothing around it', async (path, value, before, after) => {
    const text = await sealed();
    const changed = await set(text, path, value, DOTENV);
    expect(FILE.split(before)).toHaveLength(2);
    expect(await opened(changed.text)).toBe(FILE.replace(before, () => after));
    const kept = text
      .match(/^\w+=ENC.*$/gm)
      ?.filter((line) => !line.startsWith('sops_') && line[0] !== path[2]);
    expect(kept?.filter((line) => !changed.text.includes(line))).toEqual([]);
  });

  test('gets new keys as the last one is written, and loses keys with their lines', async () => {
    const source = 'export A="1"\r\n\r\n# of B\r\nexport B="2\r\n3" # b\r\n';
    const text = await sealed(source);
    expect(await opened((await set(text, '["C"]', 'x y', DOTENV)).text)).toBe(`${source}export C="x y"\r\n`);
    expect(await opened((await unset(text, '["B"]', DOTENV)).text)).toBe('export A="1"\r\n\r\n');
  });

  test.each(['["a b"]', '["#a"]', '["a=b"]', '[""]'])('refuses the key of set %s', async (path) => {
    const error = await set(await sealed(), path, 'x', DOTENV).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'set-invalid' });
  });

  test('keeps no value in clear that sops would read otherwise', async () => {
    const selector = { kind: 'encrypted_regex', pattern: '^A$' } as const;
    const error = await sealed(FILE, selector).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'encrypt-failed', details: { line: 5 } });
    expect(String(error)).not.toContain('new');
  });

  test.each(['export sops_x=1', ' sops_x=1', 'sops_x=1'])('%j is taken for encrypted', async (text) => {
    expect(await sealed(text).catch((reason: unknown) => reason)).toMatchObject({ exit: 203 });
  });

  test('says so when its dialect is one of a newer version', async () => {
    const text = (await sealed()).replace('map_dialect=standard', 'map_dialect=later');
    const error = await opened(text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'metadata-invalid' });
  });
});
