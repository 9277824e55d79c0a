import type { ConfigValue } from '../../../config/value.ts';
import { nearest } from '../../../text/nearest.ts';
import type { Generator, Recipe } from './recipe.ts';
import { Settings } from './settings.ts';

/** Every kind of generator there is; each is loaded when a policy names it. */
const GENERATORS: ReadonlyMap<string, () => Promise<Generator>> = new Map([
  ['random', async () => (await import('./random.ts')).random],
  ['words', async () => (await import('./words.ts')).words],
  ['uuid', async () => (await import('./uuid.ts')).uuid],
  ['ed25519', async () => (await import('./ed25519.ts')).ed25519],
  ['rsa', async () => (await import('./rsa.ts')).rsa],
  ['ec', async () => (await import('./ec.ts')).ec],
  ['ssh', async () => (await import('./ssh.ts')).ssh],
  ['age', async () => (await import('./age.ts')).age],
  ['x509', async () => (await import('./x509.ts')).x509],
  ['htpasswd', async () => (await import('./htpasswd.ts')).htpasswd],
  ['command', async () => (await import('./command.ts')).command],
]);

/** Read `generate` of a policy. @throws SottoError `config-invalid` with the place */
export async function readRecipe(generate: ConfigValue): Promise<Recipe> {
  const kind = generate.get('kind');
  const load = GENERATORS.get(kind?.text ?? '');
  if (load === undefined) {
    const near = nearest(kind?.text ?? '', [...GENERATORS.keys()]);
    throw (kind ?? generate).problem(
      'config-invalid',
      kind === undefined ? 'generate needs a kind' : `there is no generator ${JSON.stringify(kind.text)}`,
      {
        hint:
          near === undefined ? `kinds are ${[...GENERATORS.keys()].join(', ')}` : `did you mean "${near}"?`,
      },
    );
  }
  const settings = new Settings(generate);
  const recipe = (await load())(settings);
  settings.finish();
  return recipe;
}
