/** What to do about the refusal of a vault. */
export function adviceOnVault(status: number, said: string): string | undefined {
  if (/KeyDisabled|disabled/i.test(said))
    return 'disabled: have the key, or its version, enabled again: az keyvault key set-attributes --enabled true';
  if (/Deleted|recoverable|being deleted/i.test(said))
    return 'pending deletion: until it is purged, it can be taken back: az keyvault key recover';
  if (/Firewall|ForbiddenByConnection|not authorized.*address/i.test(said))
    return 'denied: the network rules of the vault do not let this machine in';
  if (/nbf|expired|validity period|Key.*(?:not yet valid|NotYetValid)/i.test(said) && status === 403)
    return 'disabled: the key has an end or a beginning, and is not valid now';
  if (status === 401) return 'expired token: log in again: az login';
  if (status === 403)
    return 'denied: who asks needs the role "Key Vault Crypto User" on the key, or the permissions encrypt, decrypt and get';
  if (status === 404) return 'no such key: check vault, name and version';
  if (status === 400)
    return 'wrong key: it was wrapped with another key or version, or the key is not of RSA';
  return undefined;
}

/** What to do when there is no token. */
export function adviceOnToken(said: string): string {
  if (/AADSTS700024|AADSTS50013|valid time range|clock/i.test(said))
    return 'clock skew: check the clock of this machine; or the token of elsewhere is old';
  if (/AADSTS7000222|AADSTS70043|AADSTS700082|AADSTS50173|AADSTS70008|expired/i.test(said))
    return 'expired token: log in again ("az login"), or get a new secret for the app';
  if (/AADSTS7000215|AADSTS700016|AADSTS90002|AADSTS7000\d\d|AADSTS\d+/.test(said))
    return 'denied: check AZURE_TENANT_ID, AZURE_CLIENT_ID, and the secret or certificate of the app';
  if (/no answer in time/.test(said)) return 'check the network';
  return 'no credentials: log in ("az login"), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET';
}
