import type { Finding } from '../../operations/check/finding.ts';
import type { Examined } from './examination.ts';
import type { TreeFile } from './tree.ts';

/** `prod.dec.yaml`, `prod.yaml.dec`, and other words for it. */
const TWIN = /^(.*?)\.(?:dec|decrypted|plain|plaintext|clear)(\.[^./]+)?$/;

/** Files in clear beside encrypted ones, whose names they have but for a word. */
export function decryptedTwins(all: ReadonlyMap<TreeFile, Examined>): Finding[] {
  const sealed = new Set([...all].flatMap(([{ path }, { kind }]) => (kind === 'sealed' ? [path] : [])));
  return [...all].flatMap(([{ path }, { kind }]): Finding[] => {
    const [, stem, suffix = ''] = kind === 'sealed' ? [] : (TWIN.exec(path) ?? []);
    if (stem === undefined) return [];
    const names = ['', '.enc', '.sops', '.encrypted'].map((word) => `${stem}${word}${suffix}`);
    const twin = names.find((name) => sealed.has(name));
    if (twin === undefined) return [];
    return [
      {
        rule: 'decrypted-twin',
        file: path,
        message: `it is ${twin} in clear`,
        fix: { command: ['git', 'rm', '--cached', path], automatic: false },
      },
    ];
  });
}
