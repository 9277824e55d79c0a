import { describe, expect, test } from 'vitest';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import { applyEdits } from '../../src/core/splice/edit.ts';
import type { Path, TreeNode } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { ini } from '../../src/formats/ini/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { parseValue } from '../../src/operations/set.ts';
import { iniText } from '../support/ini-documents.ts';
import fc from '../support/laws.ts';

fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });
const RUNS = Number(process.env['SOTTO_RUNS'] ?? 400);

/** A section: its name, its keys with their values, in order. */
type Section = [name: string, settings: [key: string, text: string][]];

/** The sections of a text, and the comments; `undefined` for a text that is no INI. */
function read(text: string): { sections: Section[]; comments: string[] } | undefined {
  try {
    const { roots, unseen } = ini.read(text);
    const comments: string[] = (unseen ?? []).flat().map((comment) => comment.text);
    const sections = (roots[0]?.items ?? []).map((item): Section => {
      if (item.kind !== 'entry' || item.value.kind !== 'map') throw new Error('no section');
      const settings = item.value.items.flatMap((one): [string, string][] => {
        if (one.kind === 'comment') comments.push(one.text);
        return one.kind === 'entry' && one.value.kind === 'value' ? [[one.key, one.value.value.text]] : [];
      });
      return [item.key, settings];
    });
    return { sections, comments };
  } catch (error) {
    if (error instanceof SottoError) return undefined;
    throw error;
  }
}

function change(text: string, path: Path, node?: TreeNode): string {
  const document = ini.read(text);
  const edits = ini.change(
    document,
    node === undefined ? { op: 'remove', document: 0, path } : { op: 'set', document: 0, path, node },
  );
  for (const [index, edit] of edits.entries()) {
    expect(edit.end).toBeGreaterThanOrEqual(edit.start);
    expect(edit.start).toBeGreaterThanOrEqual(edits[index - 1]?.end ?? 0);
  }
  return applyEdits(text, edits);
}

const set = (text: string, path: Path, value: unknown): string =>
  change(text, path, parseValue(JSON.stringify(value), json));

const VALUE = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    'a;b',
    'a#b',
    '#',
    'x\\',
    "'q'",
    '"q"',
    '`',
    '`"""`',
    'a\nb',
    ' lead',
    'trail ',
    'a\n`b',
    '\n',
  ),
);
const NAME = fc.stringMatching(/^[a-z"`=: ]{1,8}$/).filter((name) => name.trim() === name && name !== 'sops');

/** The section that a change of a key is about: the first with the name that has the key, else the first. */
function target(sections: Section[], name: string, key: string): Section | undefined {
  const named = sections.filter((section) => section[0] === name);
  return named.find(([, settings]) => settings.some(([one]) => one === key)) ?? named[0];
}

describe('change ini', () => {
  test('setting a value gives the changed tree, and no comment is lost', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(iniText, NAME, NAME, VALUE, fc.nat(), fc.nat(3), (source, name, key, value, pick, kind) => {
        const text = withoutMark(source, ini);
        const before = read(text);
        fc.pre(before !== undefined);
        const section = before.sections[pick % before.sections.length];
        const here = kind === 0 ? name : (section?.[0] ?? name);
        const known = target(before.sections, here, '')?.[1] ?? [];
        const there = kind < 2 ? key : (known[pick % Math.max(known.length, 1)]?.[0] ?? key);
        let after: ReturnType<typeof read>;
        try {
          after = read(set(text, [here, there], value));
        } catch (error) {
          // Some keys and values have no spelling, and some keys are in a later section of the name; that is said.
          const isLater = target(before.sections, here, there) !== target(before.sections, here, '');
          expect(error).toMatchObject({ code: isLater ? 'set-invalid' : 'output-unsupported' });
          return;
        }
        const expected = structuredClone(before.sections);
        const changed = target(expected, here, there);
        const setting = changed?.[1].find(([one]) => one === there);
        if (setting !== undefined) setting[1] = value;
        else if (changed !== undefined) changed[1].push([there, value]);
        else expected.push([here, [[there, value]]]);
        expect(after?.sections).toEqual(expected);
        expect(
          after?.comments
            .join('\n')
            .match(/zq\w+qz/g)
            ?.sort(),
        ).toEqual(
          before.comments
            .join('\n')
            .match(/zq\w+qz/g)
            ?.sort(),
        );
      }),
      { numRuns: RUNS },
    );
  });

  test('removing a key, and a section, gives the changed tree', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(iniText, fc.nat(), fc.nat(), fc.boolean(), (source, pick, which, isSection) => {
        const text = withoutMark(source, ini);
        const before = read(text);
        const section = before?.sections[pick % before.sections.length];
        fc.pre(before !== undefined && section !== undefined);
        const [name, settings] = section;
        const key = settings[which % Math.max(settings.length, 1)]?.[0];
        const expected = structuredClone(before.sections);
        if (isSection || key === undefined) {
          const index = expected.findIndex(([one]) => one === name);
          expected.splice(index, 1);
          if (index === 0) expect(() => change(text, [name])).toThrow('DEFAULT');
          else expect(read(change(text, [name]))?.sections).toEqual(expected);
          return;
        }
        // Without one key that is named `-`, those behind it have other numbers.
        if (key.startsWith('#')) return;
        const changed = target(expected, name, key);
        if (changed !== target(expected, name, '')) {
          expect(() => change(text, [name, key])).toThrow('more than once');
          return;
        }
        if (changed !== undefined) changed[1] = changed[1].filter(([one]) => one !== key);
        expect(read(change(text, [name, key]))?.sections).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  test.each<[string, string, Path, unknown, string]>([
    ['a new key is written as its neighbours are', '[s]\na=1\n', ['s', 'b'], '2', '[s]\na=1\nb=2\n'],
    ['as they are indented', '[s]\n\ta = 1\n', ['s', 'b'], '2', '[s]\n\ta = 1\n\tb = 2\n'],
    ['and aligned', '[s]\nlong = 1\na    = 2\n', ['s', 'bc'], '3', '[s]\nlong = 1\na    = 2\nbc   = 3\n'],
    ['with their line ends', '[s]\r\na: 1\r\n', ['s', 'b'], '2', '[s]\r\na: 1\r\nb: 2\r\n'],
    ['also without a line break at the end', '[s]\na = 1', ['s', 'b'], '2', '[s]\na = 1\nb = 2'],
    ['behind the comment beside', '[s]\na = 1 ; c\n[t]\n', ['s', 'b'], '2', '[s]\na = 1 ; c\nb = 2\n[t]\n'],
    ['a new section goes to the end', '[s]\na = 1\n', ['t', 'b'], '2', '[s]\na = 1\n\n[t]\nb = 2\n'],
    ['a key of no section to the start', '; c\n[s]\n', ['DEFAULT', 'a'], '1', 'a = 1\n\n; c\n[s]\n'],
    ['a value keeps its quotes', 'a = "x" ; c\n', ['DEFAULT', 'a'], 'y', 'a = "y" ; c\n'],
    ['or gets those that it needs', 'a = x\n', ['DEFAULT', 'a'], 'a#b', 'a = `a#b`\n'],
    ['a comment beside makes room', '  a = x ; c\n', ['DEFAULT', 'a'], 'a#b', '  ; c\n  a = `a#b`\n'],
    ['an empty value gets a blank', 'a =\nb=\n', ['DEFAULT', 'a'], 'x', 'a = x\nb=\n'],
    ['of repeated keys the last one counts', 'a=1\na=2\n', ['DEFAULT', 'a'], '3', 'a=1\na=3\n'],
    ['behind a backslash a blank line stays', 'a = x\\', ['DEFAULT', 'b'], '1', 'a = x\\\n\nb = 1'],
    [
      'a section is set as a whole',
      '[s]\n; c\na = 1\n[t]\n',
      ['s'],
      { b: 2, c: true },
      '[s]\nb = 2\nc = true\n[t]\n',
    ],
  ])('%s', (_, text, path, value, expected) => {
    expect(set(text, path, value)).toBe(expected);
  });

  test.each<[string, string, Path, string]>([
    [
      'the comment above goes with a key',
      '; x\n\n; c\na = 1 ; d\nb = 2\n',
      ['DEFAULT', 'a'],
      '; x\n\nb = 2\n',
    ],
    ['all lines of a value go', 'a = """x\ny"""\nb = 2\n', ['DEFAULT', 'a'], 'b = 2\n'],
    ['all of the same key go', 'a = 1\nb = 2\na = 3\n', ['DEFAULT', 'a'], 'b = 2\n'],
    ['a section goes up to the next comment', '[s]\na = 1\n\n; t\n[t]\n', ['s'], '; t\n[t]\n'],
  ])('%s', (_, text, path, expected) => {
    expect(change(text, path)).toBe(expected);
  });

  test.each<[Path, unknown, string]>([
    [['a'], 'x', 'is no mapping, and INI holds sections of single values'],
    [['s', 'a'], { b: 1 }, '["s"]["a"]'],
    [['s', 'a', 'b'], '1', '["s"]["a"]["b"]'],
    [['s', '-'], '1', '["s"]["-"]'],
    [['s', 'a'], '`"""\n`"""\n', '["s"]["a"]'],
  ])('what INI can not hold is refused: %j', (path, value, message) => {
    expect(() => set('[s]\n', path, value)).toThrow(message);
  });
});
