import { existsSync, readFileSync } from 'node:fs';
import { ageProvider } from '../../../src/keys/age/provider.ts';
import { NO_HOST } from '../../../src/keys/host.ts';

/** Opens entries with one SSH key, in a world that has nothing else. */
export interface SshSession {
  unwrap(enc: string): Promise<Uint8Array | null>;
  /** How often the passphrase was asked for. */
  questions(): number;
}

export function session(path: string, passphrase: string | undefined): SshSession {
  let asked = 0;
  const use = ageProvider({
    ...NO_HOST,
    environment: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: path },
    readBytes: (file) => (existsSync(file) ? readFileSync(file) : undefined),
    askSecret: async () => {
      asked += 1;
      return passphrase;
    },
  });
  return {
    questions: () => asked,
    async unwrap(enc) {
      const entry = { kind: 'age', fields: { recipient: '', enc } };
      for (const identity of await use.identitiesFor(entry)) {
        const dataKey = await identity.unwrap(entry);
        if (dataKey !== null) return Uint8Array.from(dataKey);
      }
      return null;
    },
  };
}
