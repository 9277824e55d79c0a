/** An optional package, loaded when a key needs it. @throws Error with the command that installs it */
export async function loadPackage<Package>(
  name: string,
  version: string,
  load: () => Promise<Package>,
): Promise<Package> {
  try {
    return await load();
  } catch (cause) {
    throw new Error(
      `it takes the package ${name}, which is not there; install it beside sotto: npm install ${name}@${version}`,
      { cause },
    );
  }
}
