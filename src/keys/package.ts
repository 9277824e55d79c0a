/**
 * Optional packages, loaded when a key needs them.
 *
 * @param names with their versions, as npm takes them
 * @throws Error with the command that installs them
 */
export async function loadPackage<Package>(
  names: readonly string[],
  load: () => Promise<Package>,
): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    throw new Error(
      `it takes a package of its cloud, which is not there; install it beside sotto: npm install ${names.join(' ')}`,
      { cause },
    );
  }
}
