import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Schema {
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
  readonly properties?: { readonly [name: string]: Schema };
  readonly items?: Schema;
}

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SCHEMA: Schema = JSON.parse(readFileSync(at('schemas/sops-config.schema.json'), 'utf8'));
const PAGES = ['README.md', ...readdirSync(at('docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

const resolved = (schema: Schema): Schema => {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : (SCHEMA.$defs?.[name] ?? {});
};

/** The settings of a configuration that the schema does not know, by their paths. */
function unknown(value: unknown, schema: Schema, path: string): string[] {
  const { properties, items } = resolved(schema);
  if (Array.isArray(value))
    return items === undefined ? [] : value.flatMap((one) => unknown(one, items, `${path}[]`));
  if (typeof value !== 'object' || value === null || properties === undefined) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const known = properties[key];
    return known === undefined ? [`${path}.${key}`] : unknown(below, known, `${path}.${key}`);
  });
}

/** Examples of `.sops.yaml`, in which `…` stands for more of the same. */
const examples = (page: string): string[] =>
  [...readFileSync(at(page), 'utf8').matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)]
    .map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
    .filter((text) => /^(?:creation_rules|destination_rules|stores):/m.test(text));

test('every setting in the examples of the documentation has its place in the schema', () => {
  const found = PAGES.flatMap((page) => examples(page).flatMap((text) => unknown(parse(text), SCHEMA, page)))
    // A key of its own for what an anchor names.
    .filter((path) => path !== 'docs/keys.md.board');
  expect(found).toEqual([]);
  expect(PAGES.flatMap(examples).length).toBeGreaterThan(5);
});

test('a table of the differences has one head, and each difference is in one row', () => {
  const text = readFileSync(at('docs/differences-from-sops.md'), 'utf8');
  for (const section of text.split(/^## /m)) {
    const names = [...section.matchAll(/^\|\s*(.*?)\s*\|/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
  }
});

test('paths of settings in the text are those of the schema', () => {
  const paths = PAGES.flatMap((page) =>
    [...readFileSync(at(page), 'utf8').matchAll(/`(sotto\.[a-z_.]+)(?:: \w+)?`/g)].map(
      ([, path = '']) => path,
    ),
  ).filter((path) => !path.startsWith('sotto.layout') && !path.startsWith('sotto.map'));
  // A setting stands in a rule, or at the top.
  const isThere = (path: string): boolean =>
    [SCHEMA.$defs?.['rule'], SCHEMA].some((root) => {
      let schema: Schema | undefined = root;
      for (const step of path.split('.')) schema = schema?.properties?.[step];
      return schema !== undefined;
    });
  expect(paths).toContain('sotto.stores.dotenv.dialect');
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
  const loose = PAGES.filter((page) => /`dialect: \w+`/.test(readFileSync(at(page), 'utf8')));
  expect(loose).toEqual([]);
});
