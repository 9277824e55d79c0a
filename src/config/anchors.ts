import { oneLine } from '../text/printable.ts';
import type { Config } from './config.ts';
import type { ConfigValue } from './value.ts';

/** Values whose anchor a value in front of them has already: what an alias means depends on where it stands then. */
export function anchoredTwice(root: ConfigValue): ConfigValue[] {
  const seen = new Set<string>();
  const twice: ConfigValue[] = [];
  const visit = (value: ConfigValue): void => {
    const { anchor } = value;
    if (anchor !== undefined && seen.has(anchor)) twice.push(value);
    if (anchor !== undefined) seen.add(anchor);
    value.own().forEach(visit);
  };
  visit(root);
  return twice;
}

/** @throws SottoError `person-invalid` for a configuration in which an anchor is defined twice */
export function refuseAnchorTwice({ root }: Config): void {
  const [first] = root === undefined ? [] : anchoredTwice(root);
  if (first === undefined) return;
  throw first.problem('person-invalid', `the anchor ${oneLine(first.anchor ?? '')} is defined twice`, {
    hint: 'whom an alias means depends on where it stands then; give one of them another name',
  });
}
