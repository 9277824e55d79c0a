import type { DecryptedVariables, VariablesOptions } from './variables-options.ts';
import { speaking } from './words.ts';

/**
 * Decrypt files to environment variables, as `sotto run` does: a key of a dotenv file is a name, and of
 * `database.password` in other files `DATABASE_PASSWORD` is made. Of the same name the last file counts. No environment
 * is changed.
 *
 * @throws SottoError as `decryptFile`, and `environment-invalid` for names that can't be told apart, or that only
 *   whoever holds the keys may choose
 *
 * @example
 * const { variables } = await decryptVariables(['secrets.yaml'], { identities: identity });
 * Object.assign(process.env, variables);
 * process.env['PASSWORD']; // 'hunter2'
 */
export async function decryptVariables(
  paths: string | readonly string[],
  options: VariablesOptions = {},
): Promise<DecryptedVariables> {
  const files = typeof paths === 'string' ? [paths] : paths;
  return speaking('machine', async () =>
    (await import('./machine-variables.ts')).variablesHere(files, options),
  );
}
