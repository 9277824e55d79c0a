import { loadPackage } from '../package.ts';

const PACKAGES = ['@aws-sdk/client-kms@3.1164.0', '@aws-sdk/credential-providers@3.1164.0'];
/** What keeps the SDK from telling on stderr that it will need another Node some day. */
const NO_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

type Sdk = typeof import('@aws-sdk/client-kms');

let loaded: Promise<Sdk> | undefined;

/** The client of AWS for KMS. @throws Error when it is not there */
export function loadSdk(): Promise<Sdk> {
  loaded ??= load();
  return loaded;
}

/** Where AWS finds credentials. @throws Error when it is not there */
export async function loadProviders(): Promise<typeof import('@aws-sdk/credential-providers')> {
  await loadSdk();
  return loadPackage(PACKAGES, () => import('@aws-sdk/credential-providers'));
}

async function load(): Promise<Sdk> {
  const sdk = await loadPackage(PACKAGES, () => import('@aws-sdk/client-kms'));
  // It looks once, when the first client is made; programs that are started later need not know.
  const before = process.env[NO_WARNING];
  process.env[NO_WARNING] = 'true';
  new sdk.KMSClient({ region: 'us-east-1' }).destroy();
  if (before === undefined) delete process.env[NO_WARNING];
  else process.env[NO_WARNING] = before;
  return sdk;
}
