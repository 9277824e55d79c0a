import { describe, expect, test } from 'vitest';
import type { Selector } from '../../src/core/sops/policy.ts';
import { SottoError } from '../../src/errors.ts';
import fc from '../support/laws.ts';
import { open, requireFormat, seal } from '../support/sealing.ts';

const yaml = requireFormat('yaml');
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SOTTO_SEED'] ?? 20261130) });

/**
 * Texts of a node: `@` stands for one that belongs to a value, `+` for a comment, `^` for one that stays visible (of a
 * key, of a collection), `$` for the indentation of the lines below.
 */
const FRONTS = [
  '',
  '!@ ',
  '&@ ',
  '!@ &@ ',
  '&@ !@ ',
  '&@ !!str ',
  '!<tag:@> ',
  '!@\n$',
  '&@\n$!@\n$',
  '!@ # +\n$',
  '!@ &@ # +\n$',
  '!@ # +\n$&@ ',
  '&@ # +\n$!@ ',
];
const BODIES = ['', '@', '"@"', "'@'", '|\n$@', '>- # +\n$@', '@ # +', '"" # +', '~', '@\n$@'];
const FLOW_BODIES = ['', '@', '"@"', "'@' # +\n$", '# +\n$@'];

interface Node {
  readonly lines: (indent: string) => string;
}

const scalar: fc.Arbitrary<Node> = fc
  .tuple(fc.constantFrom(...FRONTS), fc.constantFrom(...BODIES))
  .map(([front, body]) => ({ lines: (indent) => ` ${front}${body}`.replaceAll('$', `${indent}  `) }));

const flow: fc.Arbitrary<Node> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...FRONTS), fc.constantFrom(...FLOW_BODIES)), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([items, isMap]) => {
    const texts = items.map(([front, body], index) => {
      const text = `${front}${body}`;
      if (isMap) return `^k${index}: ${text} `;
      return text === '' ? '~' : `${text} `;
    });
    const text = isMap ? ` !^ {${texts.join(', ')}}` : ` &^ [${texts.join(', ')}]`;
    return { lines: (indent) => text.replaceAll('$', `${indent}  `) };
  });

const { node } = fc.letrec<{ node: Node; block: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 2 }, scalar, flow, tie('block')),
  block: fc
    .tuple(fc.array(tie('node'), { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean())
    .map(([nodes, isMap, isCommented]) => ({
      lines: (indent) => {
        const inside = `${indent}  `;
        const lines = nodes.map(({ lines }, index) => {
          const head = isCommented ? `${inside}# +\n` : '';
          return `${head}${inside}${isMap ? `^k${index}:` : '-'}${lines(inside)}`;
        });
        return ` !^ &^\n${lines.join('\n')}`;
      },
    })),
}));

const MARKS: ReadonlyMap<string, string> = new Map([
  ['@', 'VALUE'],
  ['+', 'COMMENT'],
  ['^', 'SHOWN'],
]);

/** Entries at the top: of those that the policy selects each text has to go, of the others none. */
const document: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.tuple(node, fc.boolean()), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([nodes, isDirected]) => {
    let number = 0;
    const marked = (mark: string): string => {
      number += 1;
      return `${MARKS.get(mark)}${String(number).padStart(4, '0')}x`;
    };
    const entries = nodes.map(([{ lines }, isSecret], index) => {
      const text = isSecret ? lines('') : lines('').replaceAll('@', '^');
      return `${isSecret ? 'secret' : 'clear'}${index}:${text}\n`;
    });
    return `${isDirected ? '%YAML 1.1\n---\n' : ''}${entries.join('')}`.replace(/[@+^]/g, marked);
  });

const ONLY_SECRETS: Selector = { kind: 'encrypted_regex', pattern: '^secret' };
const EVERYTHING: Selector = { kind: 'unencrypted_suffix', pattern: '_none' };

async function sealed(text: string, selector: Selector): Promise<string | undefined> {
  try {
    return await seal(text, yaml, selector);
  } catch (error) {
    if (error instanceof SottoError && error.code !== 'internal') return undefined;
    throw error;
  }
}

describe('no text of what is encrypted stays readable', () => {
  test('where the policy selects everything', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(document, async (text) => {
        const encrypted = await sealed(text.replaceAll(/^clear/gm, 'secret'), EVERYTHING);
        fc.pre(encrypted !== undefined);
        expect(encrypted.match(/(?:VALUE|COMMENT)\d+x/g)).toBe(null);
        expect((await open(encrypted, yaml)).text).toBe(text.replaceAll(/^clear/gm, 'secret'));
      }),
      { numRuns: Number(process.env['SOTTO_RUNS'] ?? 100) },
    );
  });

  test('where it selects some keys; what is in clear keeps its tags and anchors', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(document, async (text) => {
        const encrypted = await sealed(text, ONLY_SECRETS);
        fc.pre(encrypted !== undefined);
        // Comments beside the entries at the top are in clear there, as in sops.
        expect(encrypted.match(/VALUE\d+x/g)).toBe(null);
        expect((await open(encrypted, yaml)).text).toBe(text);
      }),
      { numRuns: Number(process.env['SOTTO_RUNS'] ?? 100) },
    );
  });
});
