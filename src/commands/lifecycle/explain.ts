import { posix } from 'node:path';
import type { SecretTerms, Setting } from '../../config/lifecycle/entry.ts';
import { pathIn } from '../../core/tree/find-path.ts';
import { parsePath } from '../../core/tree/path.ts';
import type { Path } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { readFile } from '../check/tree.ts';
import { pathInRepository } from '../git/repository-path.ts';
import { type SecretAge, secretAges } from './ages.ts';
import { placeHere } from './expiry.ts';
import { ageTools } from './gate.ts';

/** What is asked of a value, and which entry says so. */
export interface Explained {
  /** From the top. */
  readonly file: string;
  readonly path: Path;
  /** By the names that the settings have in a policy. */
  readonly settings: readonly { readonly name: string; readonly setting: Setting<string> }[];
  /** How old it is; `undefined` if the file is not there, or is not encrypted. */
  readonly age: SecretAge | undefined;
  readonly now: number;
}

/** Which entry wins for a value. @param text `FILE#PATH` @throws SottoError `usage`, `path-missing`, `config-invalid` */
export async function explainTerms(text: string, io: Io): Promise<Explained> {
  const at = text.lastIndexOf('#');
  if (at <= 0)
    throw new SottoError('usage', '--explain takes FILE#PATH', {
      hint: 'for example: sotto expiry --explain secrets.yaml#db.password',
    });
  const [name, written] = [text.slice(0, at), text.slice(at + 1)];
  const { place } = await placeHere(io);
  const { top, repository } = place;
  const file =
    repository === undefined
      ? posix.relative(top, io.absolute(name))
      : pathInRepository(io, repository, name);
  const tools = await ageTools(place, true, io);
  const bytes = readFile(io, posix.join(top, file));
  const sealed = bytes === undefined ? undefined : await place.examination.sealed(file, bytes);
  const [root] = sealed?.document.roots ?? [];
  const path = root === undefined ? parsePath(written) : pathIn(root, { written });
  const policy = await tools.policies.for(place.rulebook.chapterFor(file)?.config);
  const terms = (await policy.termsFor(posix.join(top, file))).of(path);
  let age: SecretAge | undefined;
  if (bytes !== undefined)
    for await (const one of secretAges([{ path: file, bytes }], tools))
      if (JSON.stringify(one.path) === JSON.stringify(path)) age ??= one;
  return { file, path, settings: settingsOf(terms), age, now: tools.now };
}

function settingsOf(terms: SecretTerms): Explained['settings'] {
  const { owner, maxAge, warn, consumers, renew } = terms;
  const shown = <Value>(
    name: string,
    setting: Setting<Value> | undefined,
    textOf: (value: Value) => string,
  ): Explained['settings'] =>
    setting === undefined ? [] : [{ name, setting: { ...setting, value: textOf(setting.value) } }];
  return [
    ...shown('owner', owner, (value) => value),
    ...shown('max_age', maxAge, (value) => value.text),
    ...shown('warn', warn, (value) => value.text),
    ...shown('consumers', consumers, (value) => value.join(', ')),
    ...shown('renew', renew, (value) => value.strategy),
  ];
}
