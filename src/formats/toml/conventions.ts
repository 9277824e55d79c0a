import type { Conventions } from '../../core/sops/conventions.ts';
import { NO_SELECTOR } from '../../core/sops/policy.ts';

/**
 * What rops 0.1 does otherwise than sops (rops `crates/lib/src/file`). It writes no selector unless one is given, and
 * never a version. It encrypts the empty string. It takes the text `null` for null. It hashes infinity as Rust prints
 * it.
 */
export const ROPS_CONVENTIONS: Conventions = {
  selector: NO_SELECTOR,
  needsVersion: false,
  encryptsEmpty: true,
  isNull: ({ type, text }) => type === 'null' || (type === 'str' && text === 'null'),
  hashed: (value) => {
    if (value.type !== 'float' || !value.text.endsWith('Inf')) return value;
    return { type: 'float', text: value.text === '-Inf' ? '-inf' : 'inf' };
  },
};
