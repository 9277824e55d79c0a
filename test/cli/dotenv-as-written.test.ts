import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signsIn } from '../../src/formats/dotenv/standard/signs.ts';
import { newIdentityFile } from '../../src/index.ts';
import { type Outcome, type Session, startSession } from '../support/session.ts';

const { text: identity, recipient } = await newIdentityFile(new Date());
const said = (what: string): string =>
  `warning: .env is read in the dialect standard (${what} are no part of the values); sotto.stores.dotenv.dialect in its creation rule decides, and --input-type dotenv reads it as sops does\n`;

let session: Session;
beforeEach(() => {
  session = startSession({ SOPS_AGE_RECIPIENTS: recipient, SOPS_AGE_KEY: identity });
});
afterEach(() => session.end());

/** Encrypt a text as `.env`. */
async function encrypt(text: string, args: readonly string[] = [], program = 'sotto'): Promise<Outcome> {
  session.write('.env', text);
  return session.sotto(['encrypt', ...args, '.env'], { program });
}

/** What programs get of an encrypted file, and the file that comes back. */
async function opened({ stdout: sealed }: Outcome): Promise<{ values: unknown; text: string }> {
  session.write('sealed.env', sealed);
  const { stdout } = await session.sotto(['decrypt', '--output-type', 'json', 'sealed.env']);
  return { values: JSON.parse(stdout), text: (await session.sotto(['decrypt', 'sealed.env'])).stdout };
}

describe('a new .env as people write it', () => {
  test.each<[string, string, string, object]>([
    ['quotes', 'A="x y"\nB=\'z\'\n', 'quotes', { A: 'x y', B: 'z' }],
    ['export', 'export A=x\n', 'the words export', { A: 'x' }],
    ['a comment behind a value', 'A=x # why\n', 'comments behind values', { A: 'x' }],
    ['blanks', 'A = x\n', 'blanks around =', { A: 'x' }],
    ['CRLF', 'A=x\r\nB=y\r\n', 'CRLF line ends', { A: 'x', B: 'y' }],
    ['several lines', 'KEY="-----BEGIN\nabc\n-----END"\n', 'quotes', { KEY: '-----BEGIN\nabc\n-----END' }],
    ['all of it', 'export A="x" # why\r\n', 'quotes, the words export and CRLF line ends', { A: 'x' }],
  ])('with %s is read so, which is said in one line', async (_, text, what, values) => {
    const outcome = await encrypt(text);
    expect({ exit: outcome.exit, stderr: outcome.stderr }).toEqual({ exit: 0, stderr: said(what) });
    expect(await opened(outcome)).toEqual({ values, text });
  });

  test.each([
    'A=x\nB=y#z\n# c\n\nC=\n',
    'A=it\'s "so"\n',
    "A='don't'\n",
    'URL=https://x/?a=b&c="d"\n',
    'A=$B $C\n',
  ])('without any of that it is as in sops, and nothing is said: %j', async (text) => {
    const [outcome, asSops] = [await encrypt(text), await encrypt(text, [], 'sops')];
    expect(outcome.stderr).toBe('');
    expect(await opened(outcome)).toEqual(await opened(asSops));
  });

  test('--input-type, the name sops and a rule read it as sops does, and nothing is said', async () => {
    const text = 'A="x" # why\r\n';
    const config = `creation_rules:\n  - age: ${recipient}\n    sotto: { stores: { dotenv: { dialect: sops } } }\n`;
    const outcomes = [await encrypt(text, ['--input-type', 'dotenv']), await encrypt(text, [], 'sops')];
    session.write('.sops.yaml', config);
    for (const outcome of [...outcomes, await encrypt(text)]) {
      expect(outcome.stderr).toBe('');
      expect(await opened(outcome)).toEqual({ values: { A: '"x" # why\r' }, text });
    }
  });

  test('a line that could be the rest of a value is refused: it would stay in clear', async () => {
    const { exit, stdout, stderr } = await encrypt('export A=x\nKEY=-----BEGIN\nMIIEvQIBADANBgkq\n');
    expect({ exit, stdout, stderr }).toEqual({
      exit: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /not a dotenv line: there is no = in it\n {2}at \.env:3:1\nfix: a value of several lines stands in quotes, .*--input-type dotenv/,
      ),
    });
  });

  test('typed into the editor, too', async () => {
    const environment = { EDITOR: `sh -c 'printf "export A=\\"x\\"\\n" > "$0"'` };
    const { exit, stderr } = await session.sotto(['edit', 'new.env'], { environment });
    expect(exit).toBe(0);
    expect(stderr).toContain('new.env is read in the dialect standard (quotes and the words export are');
    expect((await session.sotto(['decrypt', '--extract', 'A', 'new.env'])).stdout).toBe('x');
  });
});

test('looking for signs takes no more time than the text is long', () => {
  for (const line of ['A="x', "A='x", 'A=x ', 'export ', 'A=`', 'A="\\'])
    expect(() => signsIn(`${line}\n`.repeat(50_000))).not.toThrow();
}, 5000);

describe('a name that is nearly one of a format', () => {
  test.each([
    ['a.YAML', 'its suffix is not in small letters', 'yaml'],
    ['x.yaml.enc', 'it does not end in .yaml', 'yaml'],
    ['v.gotmpl', 'it does not end in .yaml', 'yaml'],
    ['values.yaml.gotmpl', 'it does not end in .yaml', 'yaml'],
    ['.env.prod', 'it does not end in .env', 'dotenv'],
    ['app.toml.bak', 'it does not end in .toml', 'toml'],
    ['Config.Json', 'its suffix is not in small letters', 'json'],
  ])('%s is encrypted as a whole, which is said', async (name, why, format) => {
    session.write(name, 'a: 1\n');
    expect(await session.sotto(['encrypt', name])).toEqual({
      exit: 0,
      stdout: expect.stringMatching(/^\{\n\t"data": "ENC\[/),
      stderr: `warning: ${name} is encrypted as a whole, as in sops: ${why}
fix: to encrypt its values, use --input-type ${format} --output-type ${format}, or write sotto: {format: ${format}} into its creation rule
`,
    });
    expect((await session.sotto(['encrypt', name], { program: 'sops' })).stderr).toBe('');
  });

  test.each(['key.pem', 'environment', 'inimical.txt', 'yaml'])('%s is none', async (name) => {
    session.write(name, 'x\n');
    expect((await session.sotto(['encrypt', name])).stderr).toBe('');
  });
});

describe('a file that a conversion of line ends broke', () => {
  test('LF that became CRLF', async () => {
    session.write('x.env', (await encrypt('A=1\n')).stdout.replaceAll('\n', '\r\n'));
    expect(await session.sotto(['decrypt', 'x.env'])).toEqual({
      exit: 1,
      stdout: '',
      stderr: expect.stringContaining(
        'the encrypted file got CRLF line ends (core.autocrlf of git does that), and sops reads no such file\n  at x.env:2:',
      ),
    });
    expect((await session.sotto(['decrypt', 'x.env'], { program: 'sops' })).stderr).toBe(
      'Could not unmarshal input data: the metadata has carriage returns at the ends of its lines\n',
    );
  });

  test('CRLF that became LF, where values stand in clear', async () => {
    const { stdout } = await encrypt('A_unencrypted=1\r\nB=2\r\n', ['--input-type', 'dotenv']);
    session.write('x.env', stdout.replaceAll('\r\n', '\n'));
    const { exit, stderr } = await session.sotto(['decrypt', 'x.env']);
    expect(exit).toBe(51);
    expect(stderr).toContain(
      'MAC mismatch: the lines of the file ended with CR LF when it was encrypted, and now end with LF\n',
    );
    session.write('x.env', stdout.replaceAll('\r\n', '\n').replace('=1', '=7'));
    expect((await session.sotto(['decrypt', 'x.env'])).stderr).toContain('the values are not those');
  });

  test.each(['yaml', 'json', 'ini', 'toml'])('%s opens all the same', async (type) => {
    const texts: { readonly [type: string]: string } = {
      yaml: 'a: |\n  x\n  y\nb_unencrypted: "p\n  q"\n',
      json: '{\n  "a": "x",\n  "b_unencrypted": 1\n}\n',
      ini: '[s]\na = x\nb_unencrypted = y\n',
      toml: 'a = "x"\nb_unencrypted = """\np\nq"""\n',
    };
    session.write(`p.${type}`, texts[type] ?? '');
    const { stdout } = await session.sotto(['encrypt', `p.${type}`]);
    session.write(`x.${type}`, stdout.replaceAll('\n', '\r\n'));
    expect((await session.sotto(['decrypt', `x.${type}`])).exit).toBe(0);
  });
});
