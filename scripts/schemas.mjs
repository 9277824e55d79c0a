// Writes into the schemas what the declarations of kinds of key say, in one line; see "npm run docs".
import { readFileSync, writeFileSync } from 'node:fs';
import { configSchemaWith, metadataSchemaWith } from '../dist/config/key-schemas.js';
import { KINDS } from '../dist/keys/index.js';

for (const [name, schemaWith] of [
  ['config', configSchemaWith],
  ['metadata', metadataSchemaWith],
]) {
  const file = new URL(`../schemas/sops-${name}.schema.json`, import.meta.url);
  const schema = schemaWith(KINDS, JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify(schema));
}
