// Writes into the schemas what kinds of key and formats there are, in one line; see "npm run docs".
import { readFileSync, writeFileSync } from 'node:fs';
import { configSchemaWith, metadataSchemaWith } from '../dist/config/key-schemas.js';
import { FORMAT_NAMES } from '../dist/formats/index.js';
import { KINDS } from '../dist/keys/index.js';

for (const [name, schemaWith] of [
  ['config', configSchemaWith],
  ['metadata', metadataSchemaWith],
]) {
  const file = new URL(`../schemas/sops-${name}.schema.json`, import.meta.url);
  const schema = schemaWith(KINDS, JSON.parse(readFileSync(file, 'utf8')));
  const types = schema.$defs.rule?.properties.sotto.properties.format;
  if (types !== undefined) types.enum = [...FORMAT_NAMES, null];
  writeFileSync(file, JSON.stringify(schema));
}
