const VARIABLE = 'SOPS_HC_VAULT_ALLOWLIST';

/**
 * Whether the user's list of servers allows one (sops `hcvault/keysource.go`, allowList): `all`, `none`, or the beginnings
 * of addresses with commas between them.
 *
 * @returns `undefined` if there is no list
 * @throws Error when an entry is empty
 */
export function isAllowed(
  address: string,
  environment: { readonly [name: string]: string | undefined },
): boolean | undefined {
  const list = environment[VARIABLE];
  if (!list) return undefined;
  if (list === 'all' || list === 'none') return list === 'all';
  return list.split(',').some((item, index) => {
    const start = item.trim();
    if (start === '') throw new Error(`${VARIABLE}: entry ${index + 1} is empty`);
    return withSlash(address).startsWith(withSlash(start));
  });
}

function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}

/** Whether a server is the user's own: that of `VAULT_ADDR`. */
export function isOwn(
  address: string,
  environment: { readonly [name: string]: string | undefined },
): boolean {
  const own = environment['VAULT_ADDR'];
  return own !== undefined && originOf(own) !== undefined && originOf(own) === originOf(address);
}

/** @returns `undefined` for what is no address */
export function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined;
}
