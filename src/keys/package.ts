import { createRequire } from 'node:module';
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

/**
 * How to load a package that is there in the form for `require`. Node takes twice as long to `import()` it: it goes over the
 * text for the names of what is exported, and first makes the reader that does that.
 *
 * @param bundled by this it is found where it was put into one file with the program: in ours that needs no Node, which
 *   looks nowhere else, or in that of somebody who uses the library
 */
export function inOldForm<Package>(name: string, bundled: () => Promise<Package>): () => Promise<Package> {
  return async () => {
    if (process.versions['bun'] !== undefined) return bundled();
    try {
      const loaded: Package = createRequire(import.meta.url)(name);
      return loaded;
    } catch {
      return bundled();
    }
  };
}
