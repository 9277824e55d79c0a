import { inOldForm, loadPackage } from '../package.ts';

const PACKAGES = ['@aws-sdk/client-kms@3.1164.0', '@aws-sdk/credential-providers@3.1164.0'];
/** What keeps the SDK from telling on stderr that it will need another Node some day. */
const NO_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

type Sdk = typeof import('./kms.ts');

let loaded: Promise<Sdk> | undefined;

/** The client of AWS for KMS. @throws Error when it is not there */
export function loadSdk(): Promise<Sdk> {
  loaded ??= loadPackage(
    PACKAGES,
    inOldForm('@aws-sdk/client-kms', () => import('./kms.ts')),
  );
  return loaded;
}

/** Where AWS finds credentials. @throws Error when it is not there */
export function loadProviders(): Promise<typeof import('@aws-sdk/credential-providers')> {
  return loadPackage(
    PACKAGES,
    inOldForm('@aws-sdk/credential-providers', () => import('@aws-sdk/credential-providers')),
  );
}

/** Make the first client of a run without a word on stderr: the SDK looks once. */
export function quietly<Client>(make: () => Client): Client {
  // Programs that are started later need not know.
  const before = process.env[NO_WARNING];
  process.env[NO_WARNING] = 'true';
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env[NO_WARNING];
    else process.env[NO_WARNING] = before;
  }
}
