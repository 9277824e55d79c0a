import type { CloudClient } from './cloud-client.ts';
import type { KeyKind } from './kind.ts';

/** The declaration of a kind of key whose keys stay with a service. */
export interface CloudDeclaration extends Omit<KeyKind, 'isLocal' | 'isDated' | 'provider'> {
  /** Load what calls the service. */
  readonly client: () => Promise<CloudClient>;
}

/** A kind of key of a service. Its entries are read, shown, compared and kept without a word to the service. */
export function cloudKind({ client, ...declaration }: CloudDeclaration): KeyKind {
  return {
    ...declaration,
    isLocal: false,
    isDated: true,
    provider: async (host, isNamed) => {
      const { providerOf } = await import('./cloud-provider.ts');
      return providerOf(declaration, await client(), { host, isNamed });
    },
  };
}
