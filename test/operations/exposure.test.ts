import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FormatName } from '../../src/formats/index.ts';
import { decrypt, encrypt, encryptOnto, type Result, SottoError, set, unset } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';
import { COMMENTED, type Commented, WRITERS } from '../support/commented-documents.ts';
import { nameOf } from '../support/format-named.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';

const SELECTORS = [
  { kind: 'unencrypted_suffix', pattern: '1' },
  { kind: 'encrypted_suffix', pattern: 'c0' },
  { kind: 'unencrypted_regex', pattern: '^k0$|c1' },
  { kind: 'encrypted_regex', pattern: 'k[02]c?' },
  { kind: 'unencrypted_comment_regex', pattern: 'plain' },
  { kind: 'encrypted_comment_regex', pattern: 'note' },
] as const;

const TEXTS: typeof WRITERS = {
  ...WRITERS,
  json: (entries) => WRITERS['jsonc']?.(entries.map(silent)) ?? '',
  'yaml, several documents': (entries) =>
    entries.map((one) => WRITERS['yaml']?.([one]) ?? '').join('\n---\n'),
};

function silent({ name, children }: Commented): Commented {
  return { name, head: undefined, side: undefined, apart: undefined, children: children.map(silent) };
}

/** How the plain text is edited: a line goes, two change places, one is doubled, or a key gets another name. */
const EDIT = fc.tuple(fc.constantFrom('cut', 'swap', 'rename', 'comment'), fc.nat(), fc.nat());
const STEP = fc.oneof(
  fc.record({ verb: fc.constant('unset' as const), at: fc.nat() }),
  fc.record({ verb: fc.constant('set' as const), at: fc.nat(), isNew: fc.boolean() }),
  fc.record({ verb: fc.constant('edit' as const), edit: EDIT }),
);
type Step = typeof STEP extends fc.Arbitrary<infer One> ? One : never;

function edited(text: string, [how, a, b]: readonly [string, number, number]): string {
  const lines = text.split('\n');
  const [one, other] = [a % lines.length, b % lines.length];
  if (how === 'cut') return lines.toSpliced(one, 1).join('\n');
  if (how === 'swap')
    return lines
      .with(one, lines[other] ?? '')
      .with(other, lines[one] ?? '')
      .join('\n');
  if (how === 'rename')
    return text.replace(/\bk0(?=["\]]? ?[:=\]])/, 'k1').replace(/c2(?=["\]]? ?[:=])/, 'c0');
  return text.replaceAll(/^(\s*(?:#|\/\/|;)) note/gm, '$1 plain');
}

/** The paths that a text has, as far as its keys tell. */
function pathsOf(text: string, name: string): string[] {
  const names = [...new Set(text.match(/\bk\d(?:c\d)?\b(?=["\]]? ?[:=\]])/g) ?? [])];
  return names.map((key) => {
    const [top = ''] = key.split('c');
    if (name === 'yaml list') return `["list"][${top.slice(1)}]${key === top ? '' : `["${key}"]`}`;
    const isFlat = name.startsWith('dotenv') || name.startsWith('standard');
    const path = key === top || isFlat ? `["${key}"]` : `["${top}"]["${key}"]`;
    return name === 'yaml in braces' ? `["m"]${path}` : path;
  });
}

const VALUES = /value-\w+/g;
const COMMENTS = /(?:plain|note) (?:apart|head|side)-\w+/g;

describe('nothing that was encrypted is in clear afterwards, unless an error named it', () => {
  for (const [name, write] of Object.entries(TEXTS)) {
    const [word = ''] = name.split(/[ ,]/);
    const isStandard = word === 'standard';
    const options = { format: isStandard ? 'dotenv' : nameOf(word), identities: KEY };
    test(name, async () => {
      await fc.assert(
        fc.asyncProperty(
          COMMENTED,
          fc.constantFrom(...SELECTORS),
          fc.array(STEP, { minLength: 1, maxLength: 4 }),
          async (entries, selector, steps) => {
            const plain = `${write(entries)}\n`;
            const created = await attempt(() =>
              encrypt(plain, {
                ...options,
                recipients: [RECIPIENT],
                selector,
                allowNothing: true,
                dialect: isStandard ? 'standard' : undefined,
              }),
            );
            if (created === undefined) return;
            let sealed = created.text;
            for (const [number, step] of steps.entries()) {
              const before = (await decrypt(sealed, options)).text;
              const fresh = `value-fresh${number}`;
              const after = await attempt(() => take(step, sealed, before, fresh, options, name));
              if (after === undefined) continue;
              const text = (await decrypt(after.text, options)).text;
              for (const mark of [...(text.match(VALUES) ?? []), ...(text.match(COMMENTS) ?? [])]) {
                const wasHidden = hasWord(before, mark) && !hasWord(sealed, mark);
                expect(wasHidden && hasWord(after.text, mark), `${mark}\n${before}\n---\n${text}`).toBe(
                  false,
                );
              }
              if (step.verb === 'set' && step.isNew) expect(hasWord(after.text, fresh)).toBe(false);
              sealed = after.text;
            }
          },
        ),
        { numRuns: 25 },
      );
    }, 60_000);
  }
});

function take(
  step: Step,
  sealed: string,
  before: string,
  fresh: string,
  options: { readonly format: FormatName; readonly identities: string },
  name: string,
): Promise<Result> {
  if (step.verb === 'edit') return encryptOnto(sealed, edited(before, step.edit), options);
  const paths = pathsOf(before, name);
  const path = paths[step.at % paths.length] ?? '["k0"]';
  if (step.verb === 'unset') return unset(sealed, path, options);
  const newPath = path.endsWith('"]') ? path.replace(/\w"\]$/, 'new"]') : `${path}["new"]`;
  return set(sealed, step.isNew ? newPath : path, fresh, options);
}

/** What is refused changes nothing. A defect is none of these. */
async function attempt(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SottoError && error.code !== 'internal') return undefined;
    throw error;
  }
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`${word}\\b`).test(text);
}
