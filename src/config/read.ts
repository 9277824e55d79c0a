import { withoutMark } from '../core/splice/byte-order-mark.ts';
import { SottoError } from '../errors.ts';
import { yaml } from '../formats/yaml/index.ts';
import type { Config } from './config.ts';
import { checkConfig } from './schema.ts';
import { ConfigValue } from './value.ts';

/** A text without a value: blank lines, comments, document markers, a null. */
const NOTHING = /^(?:\s*(?:#.*)?|---|\.\.\.|(?:--- )?\s*(?:null|Null|NULL|~)\s*(?:#.*)?)$/;

/**
 * Read a configuration file.
 *
 * @param path for messages
 * @throws SottoError `config-invalid` with line and column
 */
export function readConfig(text: string, path: string): Config {
  const root = rootOf(text, path);
  if (root === undefined)
    return {
      path,
      root,
      rules: undefined,
      destinations: [],
      indent: {},
      warnings: [],
      destinationWarnings: [],
    };
  const odd = checkConfig(root, path);
  const rules = root.get('creation_rules')?.items();
  const destinations = root.get('destination_rules')?.items() ?? [];
  return {
    path,
    root,
    rules: rules?.filter(isThere),
    destinations: destinations.filter(isThere),
    indent: indentOf(root.get('stores')),
    ...odd,
  };
}

/**
 * The value of a file of settings; `undefined` if nothing stands there.
 *
 * @param expected what has to stand in it, for messages @throws SottoError `config-invalid`
 */
export function rootOf(
  text: string,
  path: string,
  expected = 'the configuration is a mapping with creation_rules at the top',
): ConfigValue | undefined {
  if (text.split('\n').every((line) => NOTHING.test(line))) return undefined;
  try {
    const { roots, ...source } = yaml.read(withoutMark(text, yaml));
    const [root] = roots;
    return root === undefined ? undefined : new ConfigValue(root, { ...source, path });
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { line, column, cause, hasParagraphs } = error.details;
    throw new SottoError('config-invalid', error.message, {
      file: path,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      cause,
      inSops: `error loading config: Could not unmarshal config file: ${error.inSops}`,
      hasParagraphs,
      hint: `${expected}; nothing was done`,
    });
  }
}

function isThere({ type }: ConfigValue): boolean {
  return type !== 'null';
}

/** Names of sops's stores that are no names of formats. */
const STORES: ReadonlyMap<string, string> = new Map([['json_binary', 'binary']]);

function indentOf(stores: ConfigValue | undefined): { [format: string]: number } {
  const indent: { [format: string]: number } = {};
  for (const { key, value } of stores?.entries() ?? []) {
    const spaces = value.get('indent')?.number;
    if (spaces !== undefined) indent[STORES.get(key) ?? key] = spaces;
  }
  return indent;
}
