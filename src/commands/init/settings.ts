import type { Repository } from '../../io/git/repository.ts';

/** A setting of this clone. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** What a driver that dies leaves is "ours" without a mark; wrapped, it is a merge by lines, with marks. */
const DRIVER =
  'sotto merge-driver %O %A %B %L %P %S %X %Y; r=$?; if [ $r -gt 1 ]; then git merge-file --marker-size=%L %A %O %B; r=$?; fi; exit $r';
/** Inner merges, of bases, have no conflicts: markers would become the base. */
const INNER_DRIVER = 'sotto merge-driver %O %A %B %L %P %S %X %Y --virtual || cp %O %A';

/**
 * Settings that make git call sotto. They are of the clone, and never in a file that is committed: a pull would run
 * code then.
 */
export const SETTINGS: readonly Setting[] = [
  { name: 'diff.sotto.textconv', value: 'sotto textconv' },
  { name: 'merge.sotto.name', value: 'merge of encrypted values' },
  { name: 'merge.sotto.driver', value: DRIVER },
  { name: 'merge.sotto.recursive', value: 'sotto-virtual' },
  { name: 'merge.sotto-virtual.name', value: 'merge of encrypted values, for bases' },
  { name: 'merge.sotto-virtual.driver', value: INNER_DRIVER },
  { name: 'mergetool.sotto.cmd', value: 'sotto resolve "$MERGED"' },
  { name: 'mergetool.sotto.trustExitCode', value: 'true' },
];

/** Those that are not as they should be. */
export async function missingSettings(repository: Repository): Promise<Setting[]> {
  const missing: Setting[] = [];
  for (const setting of SETTINGS) {
    const [value, another] = await repository.localConfig(setting.name);
    if (value !== setting.value || another !== undefined) missing.push(setting);
  }
  return missing;
}

/** Those that are there, whatever they are. */
export async function ownSettings(repository: Repository): Promise<Setting[]> {
  const there: Setting[] = [];
  for (const setting of SETTINGS)
    if ((await repository.localConfig(setting.name)).length > 0) there.push(setting);
  return there;
}
