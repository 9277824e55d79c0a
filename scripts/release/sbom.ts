import { createHash } from 'node:crypto';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

/** What of a list of parts in the format CycloneDX is of interest here. */
export interface BillOfMaterials {
  readonly metadata: { readonly component: Component; readonly [field: string]: unknown };
  readonly components: readonly Component[];
  readonly [field: string]: unknown;
}

/**
 * The list of npm with the runtime that is in the programs, and the same each time and everywhere: with the time of the
 * release, and a number made of the rest.
 */
export function sealedBill(bill: BillOfMaterials, runtimeVersion: string, seconds: number): string {
  const runtime = {
    type: 'platform',
    'bom-ref': `bun@${runtimeVersion}`,
    name: 'bun',
    version: runtimeVersion,
    purl: `pkg:npm/bun@${runtimeVersion}`,
    externalReferences: [{ type: 'license', url: 'https://bun.com/docs/project/license' }],
  };
  const timestamp = new Date(seconds * 1000).toISOString();
  const { serialNumber: _, ...rest } = bill;
  const content = {
    ...rest,
    // npm calls the whole by the name of the folder.
    metadata: { ...bill.metadata, timestamp, component: { ...bill.metadata.component, name: 'sotto' } },
    components: [...bill.components, runtime],
  };
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  // A version 8 UUID (RFC 9562), whose bits anybody may choose.
  const serialNumber = `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return `${JSON.stringify({ ...content, serialNumber }, undefined, 2)}\n`;
}
