import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type FormatName, loadFormat } from '../../src/formats/index.ts';
import { encrypt } from '../../src/index.ts';
import { readVersion, type Version } from '../../src/operations/compare/version.ts';
import { type Held, heldAs, statementsIn } from '../../src/operations/exposed/held.ts';
import { numbered, Skeleton, type TakenApart, takeApart } from '../../src/operations/exposed/skeleton.ts';
import { jsonText, yamlText } from '../support/documents.ts';
import { dotenvText } from '../support/dotenv-documents.ts';
import { ALICE } from '../support/git-session.ts';
import { iniText } from '../support/ini-documents.ts';
import fc from '../support/laws.ts';
import { tomlText } from '../support/toml-document.ts';

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

async function read(format: FormatName, bytes: Buffer): Promise<Version> {
  const loaded = await loadFormat(format);
  if (loaded === undefined) throw new Error(`no format ${format}`);
  return readVersion({ text: bytes.toString(), format: loaded });
}

async function heldIn(format: FormatName, text: string): Promise<Held[]> {
  return Array.from(statementsIn(await read(format, Buffer.from(text))), heldAs);
}

/** What a text says by the skeleton of another; `undefined` where there is none. */
async function heldBy(format: FormatName, of: string, text: string): Promise<readonly Held[] | undefined> {
  const [first, other] = [takeApart(latin1(of)), takeApart(latin1(text))];
  expect(other?.bones).toBe(first?.bones);
  const skeleton = await skeletonOf(format, first);
  return other === undefined ? undefined : skeleton?.valuesOf(other);
}

async function skeletonOf(format: FormatName, of: TakenApart | undefined): Promise<Skeleton | undefined> {
  return of && Skeleton.of(await read(format, Buffer.from(numbered(of.bones), 'latin1')));
}

/** With other tokens of other lengths, written at another time. */
function renewed(text: string): string {
  let count = 0;
  return text
    .replace(/data:[^,]+,iv:[^,]+,tag:[^,]+/g, () => {
      count += 1;
      const base64 = (length: number): string => randomBytes(length).toString('base64');
      return `data:${base64((count % 7) + 1)},iv:${base64(32)},tag:${base64(16)}`;
    })
    .replace(/(?<=lastmodified\W+)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, '2031-01-02T03:04:05Z');
}

describe('a version is read as the one that differs from it in tokens alone', () => {
  test.each([
    ['yaml', yamlText],
    ['json', jsonText],
    ['dotenv', dotenvText],
    ['ini', iniText],
    ['toml', tomlText],
  ] as const)('in %s', async (format, texts) => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (plain) => {
        const made = await encrypt(plain, { format, recipients: [ALICE] }).catch(() => undefined);
        fc.pre(made !== undefined);
        const { text } = made;
        const other = renewed(text);
        const held = await heldBy(format, text, other);
        fc.pre(held !== undefined);
        expect(held).toEqual(await heldIn(format, other));
        seen += held.length;
      }),
      { numRuns: 25, maxSkipsPerRun: 4 },
    );
    expect(seen).toBeGreaterThan(20);
  });
});

const TOKEN = `ENC[AES256_GCM,data:AAAA,iv:${'A'.repeat(43)}=,tag:${'A'.repeat(22)}==,type:str]`;

describe('there is no skeleton where a token or a time decides', () => {
  test.each([
    ['the name of a key', `k: v\n`, [/^k:/, `"${TOKEN}":`]],
    ['a text in clear', `k_unencrypted: x\nl: v\n`, [/\bx\b/, 'changed=2026-01-02T03:04:05Z']],
    ['a name with a time', `k: v\n`, [/^k:/, '"expires: 2026-01-02T03:04:05Z":']],
  ] as const)('%s', async (_, plain, [from, to]) => {
    const { text } = await encrypt(plain, { format: 'yaml', recipients: [ALICE] });
    const apart = takeApart(latin1(text.replace(from, to)));
    expect(apart).toBeDefined();
    expect(await skeletonOf('yaml', apart)).toBeUndefined();
    expect(await skeletonOf('yaml', takeApart(latin1(text)))).toBeDefined();
  });

  test('what is encrypted', async () => {
    const selector = { kind: 'encrypted_comment_regex', pattern: 'secret' } as const;
    const { text } = await encrypt('# secret\nk: v\n', { format: 'yaml', recipients: [ALICE], selector });
    expect(await skeletonOf('yaml', takeApart(latin1(text)))).toBeUndefined();
  });
});

test('the dates of a life cycle and its names of tokens make no other skeleton', async () => {
  const { text } = await encrypt('k: v\n', { format: 'yaml', recipients: [ALICE] });
  const dated = (dates: string): string =>
    text.replace(/^sops:\n/m, `$&    sotto:\n        changed: ${dates}\n`);
  const bones = (dates: string) => takeApart(dated(dates))?.bones;
  const first = '2026-03-01T00:00:00Z *';
  expect(bones('2027-03-01T00:00:00Z *; 2026-11-23T10:11:12Z d0K35u2x AAAA/+bb')).toBe(bones(first));
  expect(bones(`${first} # a secret`)).not.toBe(bones(first));
  expect(bones('2026-03-01T00:00:00Z passwords')).not.toBe(bones('2026-03-01T00:00:00Z passwörds'));
});
