import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchemaWith, metadataSchemaWith } from '../../src/config/key-schemas.ts';
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
