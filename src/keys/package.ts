import { KmsFailure } from './kms-failure.ts';

/**
 * Optional packages, loaded when a key needs them.
 *
 * @param names with their versions, as npm takes them
 * @throws KmsFailure with the command that installs them
 */
export async function loadPackage<Package>(
  names: readonly string[],
  load: () => Promise<Package>,
): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    const failure = new KmsFailure('it takes a package of its cloud, which is not there', {
      code: 'dependency-missing',
      text: `install it beside sotto: npm install ${names.join(' ')}`,
    });
    failure.cause = cause;
    throw failure;
  }
}
