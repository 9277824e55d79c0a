import type { Advice } from '../kms-failure.ts';

/** What to do about the refusal of a vault. */
export function adviceOnVault(status: number, said: string): Advice | undefined {
  if (/Deleted|recoverable|being deleted/i.test(said))
    return {
      code: 'kms-key-deleted',
      text: 'until it is purged, it can be taken back: az keyvault key recover',
    };
  if (/Firewall|ForbiddenByConnection|not authorized.*address/i.test(said))
    return { code: 'kms-denied', text: 'the network rules of the vault do not let this machine in' };
  if (/nbf|expired|validity period|Key.*(?:not yet valid|NotYetValid)/i.test(said) && status === 403)
    return { code: 'kms-key-disabled', text: 'the key has an end or a beginning, and is not valid now' };
  if (/disabled/i.test(said))
    return {
      code: 'kms-key-disabled',
      text: 'have the key, or its version, enabled again: az keyvault key set-attributes',
    };
  if (status === 401) return { code: 'kms-credentials-expired', text: 'log in again: az login' };
  if (status === 403)
    return {
      code: 'kms-denied',
      text: 'who asks needs the role "Key Vault Crypto User" on the key, or the permissions encrypt, decrypt and get',
    };
  if (status === 404) return { code: 'kms-key-missing', text: 'check vault, name and version' };
  if (status === 400)
    return {
      code: 'kms-key-wrong',
      text: 'see in git whether the entry was changed: it was wrapped with another key or version, or the key is not of RSA',
    };
  return undefined;
}

/** What to do when there is no token. */
export function adviceOnToken(said: string): Advice {
  if (/AADSTS700024|AADSTS50013|valid time range|clock/i.test(said))
    return {
      code: 'kms-clock-skew',
      text: 'check the clock of this machine; or the token of elsewhere is old',
    };
  if (/AADSTS7000222|AADSTS70043|AADSTS700082|AADSTS50173|AADSTS70008|expired/i.test(said))
    return {
      code: 'kms-credentials-expired',
      text: 'log in again ("az login"), or get a new secret for the app',
    };
  if (/AADSTS\d+/.test(said))
    return {
      code: 'kms-credentials-invalid',
      text: 'check AZURE_TENANT_ID, AZURE_CLIENT_ID, and the secret or certificate of the app',
    };
  return {
    code: 'kms-credentials-missing',
    text: 'log in ("az login"), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET',
  };
}
