import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { refusePlanted } from '../../operations/clear-variables.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { decryptSource, decryptValues } from '../../operations/decrypt.ts';
import { nameVariables } from '../../operations/name-variables.ts';
import { secretData } from '../export/secret.ts';
import { readFlat } from '../read-variables.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { readSource, type SealedSource, withFileInErrors } from '../source.ts';
import { mapping, readGenerator, type SecretSpec } from './generator.ts';
import { parseYaml, printResourceList, readResourceList } from './resource-list.ts';

/**
 * Be a KRM function that generates: a ResourceList comes from stdin, and goes back with the Secrets that its
 * functionConfig asks for. Files are read here, never taken from the items: those are written anew by kustomize, so
 * that their MAC can't hold.
 *
 * @returns the ResourceList. Any failure is an error: kustomize takes no notice of results that say so
 */
export async function krm(options: CommonOptions, io: Io): Promise<string> {
  const input = readResourceList(decodeUtf8(await io.readStdin()));
  const { functionConfig } = input;
  const { manifests, secrets } = readGenerator(functionConfig);
  // kustomize hands the generator over as an item, too.
  const items = input.items.filter((item) => !isSame(item, functionConfig));
  for (const file of manifests) items.push(...(await readManifests(file, options, io)));
  for (const secret of secrets) items.push(await makeSecret(secret, options, io));
  return printResourceList({ ...input, items });
}

function isSame(item: unknown, config: unknown): boolean {
  return idOf(item) === idOf(config);
}

function idOf(resource: unknown): string {
  const { apiVersion, kind, metadata } = mapping(resource, 'an item');
  const { name, namespace } = mapping(metadata ?? {}, 'its metadata');
  return JSON.stringify([apiVersion, kind, name, namespace].map(String));
}

/** Every document of an encrypted file is a manifest. */
function readManifests(file: string, options: CommonOptions, io: Io): Promise<unknown[]> {
  return withFileInErrors(file, async () => {
    const source = await open(file, options, io);
    const { keyring } = toolsOf(io, options);
    const { nodes, format, warnings } = await decryptValues(source, { keyring });
    for (const warning of warnings) options.warn({ file, ...warning });
    const found = nodes
      .map((node) => parseYaml(format.print([node]), 'the decrypted file'))
      .filter((manifest) => manifest !== null);
    for (const manifest of found) requireManifest(manifest);
    return found;
  });
}

function requireManifest(value: unknown): void {
  const { apiVersion, kind, metadata } = mapping(value, 'a document of it');
  const { name } = mapping(metadata ?? {}, 'its metadata');
  if ([apiVersion, kind, name].every((field) => typeof field === 'string' && field !== '')) return;
  throw new SottoError('input-invalid', 'a document of it is no manifest', {
    hint: 'it has apiVersion, kind and metadata.name; other files go to files or envs of secretFrom',
  });
}

async function makeSecret(spec: SecretSpec, options: CommonOptions, io: Io): Promise<unknown> {
  const { metadata, type, immutable } = spec;
  const values = new Map<string, Uint8Array>();
  const add = (key: string, value: Uint8Array, file: string): void => {
    if (values.has(key))
      throw new SottoError('input-invalid', `the Secret would have the key ${key} twice`, {
        file,
        hint: 'name another key, as in KEY=FILE',
      });
    values.set(key, value);
  };
  for (const { key, file } of spec.files) add(key, await readContent(file, options, io), file);
  for (const file of spec.envs)
    for (const [key, value] of await readValues(file, options, io)) add(key, value, file);
  const data = Object.fromEntries(secretData(values));
  return { apiVersion: 'v1', kind: 'Secret', metadata, type, immutable, data };
}

/** A file as it was before it was encrypted. */
function readContent(file: string, options: CommonOptions, io: Io): Promise<Uint8Array> {
  return withFileInErrors(file, async () => {
    const source = await open(file, options, io);
    const { keyring } = toolsOf(io, options);
    const { content, warnings } = await decryptSource(source, { keyring });
    for (const warning of warnings) options.warn({ file, ...warning });
    return typeof content === 'string' ? Buffer.from(content) : content;
  });
}

/** The values of a file by their keys, as they stand; a Pod may make variables of them. */
async function readValues(file: string, options: CommonOptions, io: Io): Promise<[string, Uint8Array][]> {
  const flat = await readFlat(file, options, io);
  const variables = nameVariables([{ ...flat, hasNames: true }], { map: [] });
  return withFileInErrors(file, async () => {
    refusePlanted(variables, { allowSpecial: [], includeClear: false, ignoreCase: false });
    return variables.map(({ name, text, bytes }) => [name, bytes ?? Buffer.from(text)]);
  });
}

function open(file: string, options: CommonOptions, io: Io): Promise<SealedSource> {
  const { configurations } = toolsOf(io, options);
  return readSource(io, { file, name: file }, configurations, 'change');
}
