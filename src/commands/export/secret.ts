import { SottoError } from '../../errors.ts';
import { yamlQuoted } from './data.ts';
import type { ExportFormat } from './format.ts';

/** The most that Kubernetes takes, in bytes (k8s.io/api/core/v1, MaxSecretSize). */
const LARGEST = 1024 * 1024;

/** The keys of a Secret (k8s.io/apimachinery, IsConfigMapKey). */
const SECRET_KEYS = /^(?!\.\.?$)(?!\.\.)[A-Za-z0-9._-]{1,253}$/;

/** A name in Kubernetes (RFC 1123, subdomain), and that of a namespace (label). */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const LABEL = /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** A manifest of kind Secret. */
export const k8sSecret: ExportFormat = {
  name: 'k8s-secret',
  names: SECRET_KEYS,
  said: 'letters, digits, _ . and -',
  instead: '"sotto krm" takes files as they are',
  holdsBytes: true,
  print: (variables, { name, namespace }) => {
    if (name === undefined)
      throw new SottoError('usage', 'the Secret has no name', {
        hint: 'sotto export --format k8s-secret --name shop secrets.yaml | kubectl apply -f -',
      });
    requireNames(name, namespace);
    const data = new Map(variables.map(({ name: key, text, bytes }) => [key, bytes ?? Buffer.from(text)]));
    const rows = [...secretData(data)].map(([key, value]) => `  ${yamlQuoted(key)}: ${yamlQuoted(value)}\n`);
    return [
      'apiVersion: v1\nkind: Secret\nmetadata:\n',
      `  name: ${yamlQuoted(name)}\n`,
      namespace === undefined ? '' : `  namespace: ${yamlQuoted(namespace)}\n`,
      'type: Opaque\n',
      rows.length === 0 ? 'data: {}\n' : `data:\n${rows.join('')}`,
    ].join('');
  },
};

/** @throws SottoError `usage` for what Kubernetes would refuse */
export function requireNames(name: string, namespace: string | undefined): void {
  if (!SUBDOMAIN.test(name))
    throw new SottoError('usage', `${name} can not be the name of a Secret`, {
      hint: 'it has small letters, digits, - and . only, and begins and ends with a letter or digit',
    });
  if (namespace !== undefined && !LABEL.test(namespace))
    throw new SottoError('usage', `${namespace} can not be a namespace`, {
      hint: 'it has small letters, digits and - only, up to 63, and begins and ends with a letter or digit',
    });
}

/** What stands in `data`: in base64. @throws SottoError `output-unsupported` */
export function secretData(values: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, string> {
  let size = 0;
  const data = new Map<string, string>();
  for (const [key, value] of values) {
    if (!SECRET_KEYS.test(key))
      throw new SottoError('output-unsupported', `a Secret has no keys such as ${key}`, {
        hint: 'they have letters, digits, _ . and - only; rename it',
      });
    size += value.length;
    data.set(key, Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64'));
  }
  if (size <= LARGEST) return data;
  throw new SottoError('output-unsupported', 'a Secret holds no more than 1 MiB', {
    hint: 'make several of it',
  });
}
