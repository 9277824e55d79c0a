import { describe, expect, test } from 'vitest';
import { compilePolicy, DEFAULT_SELECTOR, type Selector } from '../../src/core/sops/policy.ts';
import { type Decryption, decryptDocument } from '../../src/core/splice/decryption.ts';
import { encryptDocument } from '../../src/core/splice/encryption.ts';
import type { Format } from '../../src/core/splice/format.ts';
import { pathOf } from '../../src/core/splice/leaf.ts';
import { SottoError } from '../../src/errors.ts';
import { dotenv, standard } from '../../src/formats/dotenv/index.ts';
import { ini } from '../../src/formats/ini/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { jsonc } from '../../src/formats/json/jsonc.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { readEncrypted } from '../../src/operations/open.ts';
import { jsonText, markersIn, yamlText } from '../support/documents.ts';
import { dotenvText, standardText } from '../support/dotenv-documents.ts';
import { iniText } from '../support/ini-documents.ts';
import { jsoncText } from '../support/jsonc-documents.ts';
import fc from '../support/laws.ts';
import { CIPHER, metadataWith } from '../support/sealing.ts';
import { tomlText } from '../support/toml-document.ts';

/** The same texts each time unless there is another seed: more of them would find nothing new the second time. */
const RUNS = Number(process.env['SOTTO_RUNS'] ?? 100);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

const SELECTOR: fc.Arbitrary<Selector> = fc.constantFrom<Selector>(
  DEFAULT_SELECTOR,
  DEFAULT_SELECTOR,
  { kind: 'encrypted_suffix', pattern: '_secret' },
  { kind: 'encrypted_regex', pattern: '^[a-m]' },
  { kind: 'unencrypted_regex', pattern: '[aeiou]$' },
  { kind: 'unencrypted_comment_regex', pattern: '^ zq[a-m]' },
  { kind: 'encrypted_comment_regex', pattern: '^ zq[a-m]' },
);

async function encrypt(
  text: string,
  format: Format,
  selector: Selector,
  macOnly: boolean,
  previous?: Decryption,
) {
  const policy = await compilePolicy(selector);
  return encryptDocument(text, {
    format,
    cipher: CIPHER,
    policy,
    metadata: metadataWith(selector, macOnly),
    lastModified: '2026-01-02T03:04:05Z',
    ...(previous === undefined ? {} : { previous }),
  });
}

async function decrypt(text: string, format: Format): Promise<Decryption> {
  const file = readEncrypted({ text, format });
  const policy = await compilePolicy(file.metadata.selector);
  return decryptDocument(file.document, { ...file, cipher: CIPHER, policy });
}

/** Texts that are refused are none of this test's business; the reader's own tests have them. */
async function accepted(text: string, format: Format, selector: Selector, macOnly: boolean) {
  try {
    return await encrypt(text, format, selector, macOnly);
  } catch (error) {
    if (error instanceof SottoError && error.code !== 'internal') return undefined;
    throw error;
  }
}

function leavesOf({ leaves }: Decryption): unknown[] {
  return [...leaves].map(({ leaf, plain }) => [
    pathOf(leaf.at),
    leaf.document,
    'comment' in plain ? plain.comment : [plain.type, plain.text],
  ]);
}

const TABLE = [
  ['yaml', yamlText, yaml],
  ['json', jsonText, json],
  ['jsonc', jsoncText, jsonc],
  ['dotenv', dotenvText, dotenv],
  ['dotenv, standard', standardText, standard],
  ['ini', iniText, ini],
  ['toml', tomlText, toml],
] as const;

describe.each(TABLE)('generated %s', (_, texts, format) => {
  test('decrypting gives back what was encrypted, bytes and leaves', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, SELECTOR, fc.boolean(), async (text, selector, macOnly) => {
        const sealed = await accepted(text, format, selector, macOnly);
        fc.pre(sealed !== undefined);
        const back = await decrypt(sealed.text, format);
        expect(back.text).toBe(text);
        const again = await encrypt(back.text, format, selector, macOnly, back);
        expect(again).toMatchObject({ changed: false, text: sealed.text });
      }),
      { numRuns: RUNS },
    );
  });

  test('no encrypted value or comment is in the output', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const selector: Selector = { kind: 'unencrypted_suffix', pattern: '_no_such_suffix' };
        const sealed = await accepted(text, format, selector, false);
        fc.pre(sealed !== undefined);
        expect(markersIn(text).filter((marker) => sealed.text.includes(marker))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('a changed byte of a token, and a changed clear value, are found', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, SELECTOR, fc.nat(), fc.nat(), async (text, selector, pick, flip) => {
        const sealed = await accepted(text, format, selector, false);
        fc.pre(sealed !== undefined);
        const before = await decrypt(sealed.text, format);
        const tokens = [...before.leaves].filter(({ token, plain }) => token !== '' && !('comment' in plain));
        const chosen = tokens[pick % Math.max(tokens.length, 1)]?.token;
        fc.pre(chosen !== undefined);
        const tampered = sealed.text.replace(chosen, flipped(chosen, flip));
        expect(
          await decrypt(tampered, format).then(
            () => 'opened',
            (error: SottoError) => error.code,
          ),
        ).toMatch(/^value-undecryptable$|^mac-mismatch$/);
      }),
      { numRuns: RUNS },
    );
  });

  test('a changed clear value, and a changed MAC, are found', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), async (text, flip) => {
        const selector: Selector = { kind: 'encrypted_suffix', pattern: '_secret' };
        const sealed = await accepted(text, format, selector, false);
        fc.pre(sealed !== undefined);
        const before = await decrypt(sealed.text, format);
        const codeOf = (tampered: string) =>
          decrypt(tampered, format).then(
            () => 'opened',
            (error: SottoError) => error.code,
          );
        const { mac } = before.metadata;
        expect(await codeOf(sealed.text.replace(mac, flipped(mac, flip)))).toBe('mac-mismatch');
        const clear = [...before.leaves].find(
          ({ token, plain }) => token === '' && 'type' in plain && /^zq\w{14}qz$/.test(plain.text),
        );
        fc.pre(clear !== undefined && !('comment' in clear.plain));
        expect(await codeOf(sealed.text.replaceAll(clear.plain.text, 'other'))).toBe('mac-mismatch');
      }),
      // Many a text has no marked value in clear.
      { numRuns: RUNS, maxSkipsPerRun: 3 },
    );
  });

  test.skipIf(format === json)('a changed comment is reported', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), fc.nat(), async (text, pick, flip) => {
        const sealed = await accepted(text, format, DEFAULT_SELECTOR, false);
        fc.pre(sealed !== undefined);
        const before = await decrypt(sealed.text, format);
        const comments = [...before.leaves].filter(({ token, plain }) => token !== '' && 'comment' in plain);
        const chosen = comments[pick % Math.max(comments.length, 1)]?.token;
        fc.pre(chosen !== undefined);
        const { warnings } = await decrypt(sealed.text.replace(chosen, flipped(chosen, flip)), format);
        expect(warnings.map(({ message }) => message).join()).toContain('comment');
      }),
      // Many a text has no comment.
      { numRuns: RUNS, maxSkipsPerRun: 3 },
    );
  });

  test('one changed value changes one token', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(), async (text, pick) => {
        const markers = markersIn(text);
        const chosen = markers[pick % Math.max(markers.length, 1)];
        fc.pre(chosen !== undefined && (format !== yaml || !text.includes('&')));
        const sealed = await accepted(text, format, DEFAULT_SELECTOR, false);
        fc.pre(sealed !== undefined);
        const before = await decrypt(sealed.text, format);
        const edited = text.replace(chosen, 'edited');
        const result = await encrypt(edited, format, DEFAULT_SELECTOR, false, before);
        const after = await decrypt(result.text, format);
        expect(after.text).toBe(edited);
        const kept = new Set([...before.leaves].map(({ token }) => token));
        const fresh = [...after.leaves].filter(({ token }) => token !== '' && !kept.has(token));
        const changed = leavesOf(after).filter(
          (leaf, i) => JSON.stringify(leaf) !== JSON.stringify(leavesOf(before)[i]),
        );
        expect(fresh.length).toBeLessThanOrEqual(Math.max(changed.length, 1));
        expect(changed.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });
});

/** A token in which one byte of data, iv or tag is another. */
function flipped(token: string, at: number): string {
  const parts = /^(ENC\[AES256_GCM,data:)([^,]*)(,iv:)([^,]*)(,tag:)([^,]*)(.*)$/s.exec(token);
  if (parts === null) throw new Error(`no token: ${token}`);
  const fields = [2, 4, 6].filter((index) => parts[index] !== '');
  const index = fields[at % fields.length] ?? 6;
  const bytes = Buffer.from(parts[index] ?? '', 'base64');
  const position = at % bytes.length;
  bytes[position] = (bytes[position] ?? 0) ^ (1 + (at % 255));
  parts[index] = bytes.toString('base64');
  return parts.slice(1).join('');
}
