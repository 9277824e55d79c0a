import { describe, expect, test } from 'vitest';
import type { MapNode } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { json } from '../../src/formats/json/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { parseDelimiters } from '../../src/operations/delimiters.ts';
import { parseTemplate } from '../../src/operations/template.ts';
import { isMapping, referencesTo, valuesFor } from '../../src/operations/template-values.ts';
import fc from '../support/laws.ts';

const YAML = `name: shop
on: true
port: 5432
ratio: 1.50
whole: 2.0
small: 1e-7
large: 9223372036854775807
at: 2024-01-02T03:04:05.678Z
nothing: null
db:
  password: p<&"w
  pass-word: dashed
  a.b: dotted
  "}} \\"'": odd
hosts: [one, two]
none: {}
`;

function roots(...texts: string[]): MapNode[] {
  return texts.flatMap((text) => yaml.read(text).roots.slice(0, 1));
}

function fill(template: string, ...texts: string[]): string {
  return parseTemplate(template)(valuesFor(roots(...(texts.length === 0 ? [YAML] : texts))));
}

/** What is wrong with a template, with its place, as a user sees it. */
function problem(template: string, text: string = YAML): string {
  try {
    fill(template, text);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { line, column, hint } = error.details;
    return `${error.code} ${line}:${column} ${error.message} (${hint})`;
  }
  return 'nothing';
}

describe('references', () => {
  test.each([
    ['{{ db.password }}', 'p<&"w'],
    ['{{db.password}}', 'p<&"w'],
    ['{{ db["pass-word"] }}{{ db.pass-word }}', 'dasheddashed'],
    ['{{ db["a.b"] }}', 'dotted'],
    ['{{ db["}} \\"\'"] }}', 'odd'],
    ['{{ ["name"] }}', 'shop'],
    ['{{ hosts[0] }}{{ hosts[-1] }}{{ hosts[1] }}', 'onetwotwo'],
    ['{{ on }} {{ port }} {{ ratio }} {{ whole }} {{ small }}', 'true 5432 1.5 2.0 1E-07'],
    ['{{ large }} {{ at }} {{ nothing }}', '9223372036854775807 2024-01-02T03:04:05Z <nil>'],
  ])('%s is %s, as sops spells it in variables', (template, expected) => {
    expect(fill(template)).toBe(expected);
  });

  test.each([
    ['{{ db.pasword }}', 'path-missing 1:4 there is no db.pasword in the files (did you mean db.password?)'],
    ['a\né {{ hosts[7] }}', 'path-missing 2:6 there is no hosts[7] in the files (did you mean hosts[0]?)'],
    ['{% if dbb.password %}{% endif %}', 'path-missing 1:7 there is no dbb.password in the files (did'],
    ['{{ name.first }}', 'path-missing 1:4 there is no name.first in the files ("sotto decrypt" shows'],
    ['{{ db.port }}', 'path-missing 1:4 there is no db.port in the files (did you mean port?)'],
    ['{{ nothing.at.all }}', 'path-missing 1:4 there is no nothing.at.all in the files ('],
    ['{{ db }}', 'output-unsupported 1:1 {{ db }}: this is a mapping, not a value (name one value'],
    ['{{ hosts }}', 'output-unsupported 1:1 {{ hosts }}: this is a list, not a value ('],
    ['\n{% echo db %}', 'output-unsupported 2:1 {% echo db %}: this is a mapping, not a value ('],
    ['{{ hosts | find: "x" }}', 'path-missing 1:1 {{ hosts | find: "x" }} asks for what is not there'],
    ['{{ nil }}', 'output-unsupported 1:1 {{ nil }}: this is nothing, not a value'],
    ['{{ name', 'input-invalid 1:1 not a valid template: output "{{ name" not closed (a reference is'],
    ['{{ }}', 'input-invalid 1:4 not a valid template: invalid value expression: "" ('],
    ['{{ name port }}', 'input-invalid 1:4 not a valid template: there has to be one value ('],
    ['{{ or }}', 'input-invalid 1:4 not a valid template: there has to be one value ('],
    ['{% if on %}{{ name, port }}{% endif %}', 'input-invalid 1:19 not a valid template: there is something'],
    ['{{ name | nope }}', 'input-invalid 1:1 not a valid template: undefined filter: nope ('],
    [
      '{% for i in (1..30000000) %}{% break %}{% endfor %}',
      'input-invalid 1:1 {% for i in (1..30000000) %} can',
    ],
    ['{{ "?" | base64_decode }}', 'input-invalid 1:1 {{ "?" | base64_decode }} can not be filled in ('],
  ])('%s is an error with its place', (template, expected) => {
    expect(problem(template).slice(0, expected.length)).toBe(expected);
  });

  test('never show a value in an error, also where it is a key or an argument', () => {
    const secret = 'key: hunter2hunter2\ndb: {}\nlist: [hunter2hunter2]\n';
    for (const template of [
      '{{ db[key] }}',
      '{{ db[list[0]] }}',
      '{{ key | append: "?" | base64_decode }}',
      '{{ list }}',
    ])
      expect(problem(template, secret)).toMatch(/^[a-z-]+ 1:\d (?!.*hunter2)/);
  });

  test.each([', hunter2', '(1..,hunter2', 'x | hunter2', 'x["hunter2', 'hunter2.x'])(
    'never show %j, which a filter reads as an expression',
    (value) => {
      const secret = `expression: ${JSON.stringify(value)}\nlist: [1]\n`;
      for (const filter of ['where_exp', 'group_by_exp', 'find_exp', 'has_exp', 'reject_exp'])
        expect(problem(`{{ list | ${filter}: "x", expression | json }}`, secret)).toMatch(
          /^[a-z-]+ 1:1 (?!.*hunter2)/,
        );
    },
  );

  test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'size'])(
    'find no %s that is no key of the file, and find one that is',
    (key) => {
      for (const path of [key, `db.${key}`, `nothing.${key}.x`, `large.${key}`, `nothing.${key}`])
        expect(problem(`{{ ${path} }}`)).toMatch(/^path-missing /);
      expect(fill(`{{ ${key} }}{{ a.${key} }}`, `${key}: x\na: {${key}: y}\n`)).toBe('xy');
      expect(fill(`{{ a.${key} }}{{ a | json }}`, 'a: {b: 1}\n', `a: {${key}: y}\n`)).toBe(
        `y{"b":1,"${key}":"y"}`,
      );
    },
  );

  test.each(['{% include "t" %}', '{% render "t" %}', '{% layout "t" %}'])(
    '%s reads no other file',
    (tag) => {
      expect(problem(tag)).toMatch(/^input-invalid 1:1 not a valid template: tag "\w+" not found/);
    },
  );
});

describe('filters and tags', () => {
  test.each([
    ['{{ db.password | json }}', '"p<&\\"w"'],
    ['{{ hosts | json }}{{ none | json: 2 }}', '["one","two"]{}'],
    [
      '{{ db | json: 2 }}',
      '{\n  "password": "p<&\\"w",\n  "pass-word": "dashed",\n  "a.b": "dotted",\n  "}} \\"\'": "odd"\n}',
    ],
    ['{{ large | json }} {{ whole | json }} {{ nothing | json }}', '9223372036854775807 2 null'],
    ['{{ at | json }} {{ at | date: "%d.%m." }}', '"2024-01-02T03:04:05.678Z" 02.01.'],
    ['{{ db.password | base64_encode }} {{ "" | base64_encode }}', 'cDwmInc= '],
    ['{{ db.password | xml_escape }} {{ db.password | url_encode }}', 'p&lt;&amp;&#34;w p%3C%26%22w'],
    ['{{ hosts | join: "," }}', 'one,two'],
    ['{{ nothing | default: "none" }}{% if nothing %}!{% endif %}{% if on %}.{% endif %}', 'none.'],
    ['{% for host in hosts %}{{ host }};{% endfor %}', 'one;two;'],
    ['{% for pair in none %}{{ pair[0] }}{% endfor %}', ''],
    ['a\n  {%- for host in hosts %}\n  {{ host }}\n  {%- endfor %}\nb', 'a\n  one\n  two\nb'],
    ['{% raw %}{{ x }}{% endraw %}{% comment %}{{ x }}{% endcomment %}', '{{ x }}'],
  ])('%s', (template, expected) => {
    expect(fill(template)).toBe(expected);
  });

  test('JSON has no NaN and no infinities', () => {
    expect(problem('{{ x | json }}', 'x: .inf\n')).toMatch(/^output-unsupported 1:1 .*: JSON has no \+Inf/);
    expect(fill('{{ x }} {{ y }}', 'x: -.inf\ny: .nan\n')).toBe('-Inf NaN');
  });

  test('bytes that are no text come out in base64 only', () => {
    const bytes = 'x: !!binary /wA=\n';
    expect(fill('{{ x | base64_encode }}', bytes)).toBe('/wA=');
    for (const template of ['{{ x }}', '{{ x | json }}', '{{ x | append: "" }}'])
      expect(problem(template, bytes)).toMatch(/^output-unsupported 1:1 .*: the value is no text/);
  });
});

describe('several files', () => {
  test('are put together, and later ones win', () => {
    const files = ['a: 1\ndb: {user: one, more: {x: 1}}\nlist: [1, 2]\n', 'db: {user: two}\nlist: [3]\n'];
    const template = '{{ a }} {{ db.user }} {{ db.more.x }} {{ list | json }}';
    expect(fill(template, ...files)).toBe('1 two 1 [3]');
    expect(fill(template, ...files.toReversed())).toBe('1 one 1 [1,2]');
    expect(fill('{{ db }}', ...files, 'db: none\n')).toBe('none');
  });
});

describe('delimiters', () => {
  test("of one's own leave the others in the text", () => {
    const at = (signs: string, template: string) =>
      parseTemplate(template, parseDelimiters(signs))(valuesFor(roots(YAML)));
    expect(at('<< >>', '{{ x }} << name >>{% if on %}!{% endif %}')).toBe('{{ x }} shop!');
    expect(at('[[ ]] [% %]', '{{ x }} {% y %} [[ name ]][% if on %]![% endif %]')).toBe(
      '{{ x }} {% y %} shop!',
    );
    expect(at('<? ?>', '<x <?name?> <? db["}} \\"\'"] ?>')).toBe('<x shop odd');
  });

  test.each(['', '<<', '<< >> <%', '<< >> <% %> x', '@@ @@', '{% %}', '<< >> < >'])(
    '%j can not be told apart',
    (signs) => expect(() => parseDelimiters(signs)).toThrow(/^--delimiters .* can not be used$/),
  );
});

describe('what stands outside of tags', () => {
  const plain = fc
    .string({
      unit: fc.constantFrom('a', ' ', '\t', '\r', '\n', '{', '}', '%', '-', '\0', '\ufeff', 'é', '😀', '"'),
    })
    .filter((text) => !text.includes('{{') && !text.includes('{%') && !text.endsWith('{'));

  test('comes back as it is, and a value as it is between', () => {
    fc.assert(
      fc.property(plain, fc.string({ unit: 'binary' }), plain, (before, value, after) => {
        const values = valuesFor(json.read(JSON.stringify({ value })).roots);
        const filled = parseTemplate(`${before}{{ value }}${after}`)(values);
        expect(filled).toBe(before + value.toWellFormed() + after);
      }),
    );
  });
});

test('every reference that is known leads to its value', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('size', '__proto__', 'a.b', '"', '\\', '}}', "'", 'nil', 'or', ''),
  );
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const value = fc.letrec((tie) => ({
    mapping: fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any'), { maxLength: 4 }), tie('mapping')),
  }));
  fc.assert(
    fc.property(value.mapping, (mapping) => {
      const values = valuesFor(json.read(JSON.stringify(mapping)).roots);
      const read = (item: unknown): unknown => JSON.parse(JSON.stringify(item));
      const template = referencesTo(values).map((reference) => `{{ ${reference} | json }}\n`);
      const lines = parseTemplate(template.join(''))(values).split('\n').slice(0, -1);
      const reached = lines.map((line) => JSON.parse(line));
      const all = (item: unknown): unknown[] =>
        Array.isArray(item)
          ? item.flatMap((one) => [one, ...all(one)])
          : isMapping(item)
            ? Object.values(item).flatMap((one) => [one, ...all(one)])
            : [];
      expect(reached).toEqual(all(values).map(read));
    }),
  );
});
