import { cloudKind } from '../../../src/keys/cloud.ts';
import type { CloudClient } from '../../../src/keys/cloud-client.ts';
import { textIn } from '../../../src/keys/entry.ts';
import type { KeyKind } from '../../../src/keys/kind.ts';

/** A kind of key that is not there: whoever has the drawer, named by DUMMY_DRAWERS, opens what is in it. */
export const dummy: KeyKind = cloudKind({
  name: 'dummy',
  fields: { drawer: 'The drawer.' },
  messageNumber: 99,
  flag: { name: 'dummy', variable: 'SOPS_DUMMY_DRAWERS', help: 'dummy drawers' },
  rule: { field: 'dummy_drawer', groupField: 'dummy', item: { box: 'drawer' } },
  look: { pattern: /^drawer-/, what: 'a dummy drawer' },
  idOf: ({ drawer }) => textIn(drawer),
  fieldsOf,
  client: async () => client,
});

function fieldsOf(id: string): { drawer: string } {
  if (!/^drawer-\w+$/.test(id)) throw new Error('it is not drawer-NAME');
  return { drawer: id };
}

const client: CloudClient = {
  wrap: async (_, dataKey) => Buffer.from(dataKey).reverse().toString('base64'),
  async unwrap({ drawer }, enc, { environment }) {
    if (environment['DUMMY_DRAWERS']?.split(',').includes(textIn(drawer)) !== true)
      throw new Error('the drawer is locked');
    return Uint8Array.from(Buffer.from(enc, 'base64').reverse());
  },
  service: ({ drawer }) => `the drawer ${textIn(drawer)}`,
  advice: 'set DUMMY_DRAWERS to the drawers that are open',
};
