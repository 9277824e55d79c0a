import { parseDocument } from 'yaml';
import { SottoError } from '../../errors.ts';
import { escapeUnprintable } from '../export/data.ts';
import { mapping } from './generator.ts';

/** What a KRM function is handed. */
export interface ResourceList {
  readonly apiVersion: string;
  readonly functionConfig: unknown;
  readonly items: readonly unknown[];
}

/** What few lines of aliases of aliases would make more of than memory holds. */
const MOST_VALUES_BY_ALIASES = 10_000;

/** All names that the list has had (kustomize's, and that of kpt before). */
const API_VERSIONS = [
  'config.kubernetes.io/v1',
  'config.kubernetes.io/v1beta1',
  'config.kubernetes.io/v1alpha1',
];

/** Read a ResourceList. @throws SottoError `input-invalid` */
export function readResourceList(text: string): ResourceList {
  const { apiVersion, kind, functionConfig, items } = mapping(
    parseYaml(text, 'the ResourceList'),
    'the input',
  );
  if (kind !== 'ResourceList' || typeof apiVersion !== 'string' || !API_VERSIONS.includes(apiVersion))
    throw new SottoError('input-invalid', 'the input is no ResourceList', {
      hint: '"sotto krm" is called by kustomize; see docs/deploy/kubernetes.md',
    });
  return { apiVersion, functionConfig, items: Array.isArray(items) ? items : [] };
}

/** The values of a text in YAML; whole numbers of any size stay what they are. @throws SottoError `input-invalid` */
export function parseYaml(text: string, what: string): unknown {
  const document = parseDocument(text, { intAsBigInt: true, logLevel: 'silent' });
  const [error] = document.errors;
  // Its message has the lines around, which can be secrets.
  if (error !== undefined)
    throw new SottoError('input-invalid', `${what} is no YAML`, { hint: `its reader says ${error.code}` });
  try {
    return document.toJS({ maxAliasCount: MOST_VALUES_BY_ALIASES });
  } catch (cause) {
    throw new SottoError('input-invalid', `the aliases of ${what} lead nowhere, or to too many values`, {
      hint: 'write out what they stand for',
      cause,
    });
  }
}

/** As JSON, which is YAML in which no text can be taken for anything else. */
export function printResourceList({ apiVersion, functionConfig, items }: ResourceList): string {
  return `${escapeUnprintable(jsonOf({ apiVersion, kind: 'ResourceList', items, functionConfig }))}\n`;
}

/** `JSON.stringify` has no whole numbers beyond 2^53. */
function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${fields.map(([key, one]) => `${JSON.stringify(key)}:${jsonOf(one)}`).join(',')}}`;
}
