import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decrypt, encrypt, type Result, type Selector, SottoError, set } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';
import { COMMENTED, type Commented, WRITERS } from '../support/commented-documents.ts';
import fc from '../support/laws.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';
const OPTIONS = { format: 'ini', identities: KEY } as const;

const SELECTOR: fc.Arbitrary<Selector> = fc.constantFrom(
  { kind: 'unencrypted_comment_regex', pattern: 'plain' },
  { kind: 'encrypted_comment_regex', pattern: 'note' },
);

/** Whether a person takes something for encrypted that stands below these, from the top. */
function looksEncrypted({ kind, pattern }: Selector, path: readonly Commented[]): boolean {
  const isSpokenFor = path.some(({ head, side, apart }) => [head, side, apart].includes(pattern));
  return isSpokenFor === kind.startsWith('encrypted');
}

function seal(entries: readonly Commented[], selector: Selector): ReturnType<typeof encrypt> {
  const plain = `${WRITERS['ini']?.(entries)}\n`;
  return encrypt(plain, { ...OPTIONS, recipients: [RECIPIENT], selector, allowNothing: true });
}

describe('INI under a selector by comments', () => {
  test('each value that is not what a person reads is named, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(COMMENTED, SELECTOR, async (entries, selector) => {
        const { text, warnings } = await seal(entries, selector);
        const said = warnings.map(({ message }) => message);
        for (const section of entries) {
          for (const key of section.children) {
            const isEncrypted = !text.includes(`${key.name} = value-`);
            const where = `["${section.name}"]["${key.name}"]`;
            const expected =
              looksEncrypted(selector, [section, key]) === isEncrypted
                ? []
                : isEncrypted
                  ? [`sops encrypts ${where}, which a person reads as left in clear`]
                  : [`sops leaves ${where} in clear, which a person reads as encrypted`];
            expect(
              said.filter((message) => message.includes(where)),
              text,
            ).toEqual(expected);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a new key is what a person reads; where only a comment of the section speaks for it, a warning names it', async () => {
    await fc.assert(
      fc.asyncProperty(COMMENTED, SELECTOR, fc.nat(), async (entries, selector, at) => {
        const { text } = await seal(entries, selector);
        const section = entries[at % entries.length];
        fc.pre(section !== undefined);
        const path = `["${section.name}"]["fresh"]`;
        const after = await attempt(() => set(text, path, 'value-fresh', { ...OPTIONS, clear: true }));
        fc.pre(after !== undefined);
        const isEncrypted = !after.text.includes('fresh = value-');
        const isOwn = looksEncrypted(selector, [section]) === selector.kind.startsWith('encrypted');
        const isAsRead = isEncrypted === looksEncrypted(selector, [section]);
        const isNamed = after.warnings.some(({ message }) => message.includes(path));
        expect({ isAsRead: isOwn || isAsRead, isNamed }, after.text).toEqual({
          isAsRead: true,
          isNamed: !isAsRead,
        });
        const clear = (one: string): string[] => one.match(/^k\S+ = value-.*$/gm) ?? [];
        expect(clear(after.text)).toEqual(clear(text));
        expect((await decrypt(after.text, OPTIONS)).text).toContain('fresh = value-fresh');
        const asked = await attempt(() => set(text, path, 'value-fresh', OPTIONS));
        expect(asked?.text.includes('fresh = value-')).toBe(isEncrypted ? false : undefined);
      }),
      { numRuns: 60 },
    );
  });
});

async function attempt(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SottoError && error.code === 'value-exposed') return undefined;
    throw error;
  }
}
