import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import schema from '../../schemas/sops-config.schema.json' with { type: 'json' };
import { configSchemaWith, metadataSchemaWith } from '../../src/config/key-schemas.ts';
import { FORMAT_NAMES } from '../../src/formats/index.ts';
import { KINDS } from '../../src/keys/index.ts';

test.each([
  ['config', configSchemaWith],
  ['metadata', metadataSchemaWith],
])(
  'the schema of the %s says what the declarations of keys say ("npm run docs" writes it)',
  (name, schemaWith) => {
    const text = readFileSync(new URL(`../../schemas/sops-${name}.schema.json`, import.meta.url), 'utf8');
    expect(JSON.stringify(schemaWith(KINDS, JSON.parse(text)))).toBe(JSON.stringify(JSON.parse(text)));
  },
);

test('the schema of the config knows all formats', () => {
  const { rule } = schema.$defs;
  expect(rule.properties.sotto.properties.format.enum).toEqual([...FORMAT_NAMES, null]);
});
