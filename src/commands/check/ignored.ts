import type { ConfigValue } from '../../config/value.ts';
import type { Finding } from '../../operations/check/finding.ts';
import type { Rulebook } from './rulebook.ts';

/** A row of `sotto.check.ignore`: what somebody said is none, and why. */
interface Ignored {
  readonly rule: string;
  readonly file: (file: string) => boolean;
  readonly path: string;
}

/** Tells which findings a configuration says to pass over. A row without a reason, or past its date, says nothing. */
export async function ignoredIn(rulebook: Rulebook, now: Date): Promise<(finding: Finding) => boolean> {
  const values = rulebook.chapters.flatMap(
    ({ config }) => config?.root?.get('sotto')?.get('check')?.get('ignore')?.items() ?? [],
  );
  const rows = (await Promise.all(values.map((row) => readRow(row, now)))).flat();
  return ({ rule, file, path }) =>
    rows.some((row) => row.rule === rule && row.file(file) && (row.path === '' || row.path === path));
}

async function readRow(row: ConfigValue, now: Date): Promise<Ignored[]> {
  const text = (key: string): string => row.get(key)?.text ?? '';
  const until = text('until');
  if (text('rule') === '' || text('file') === '' || text('reason') === '') return [];
  if (until !== '' && !(now.getTime() <= Date.parse(`${until.slice(0, 10)}T23:59:59Z`))) return [];
  return [{ rule: text('rule'), file: await globOf(text('file')), path: text('path') }];
}

/** A name with `*` for a part of it, and `**` for folders. Whoever wrote it, matching takes linear time. */
async function globOf(glob: string): Promise<(file: string) => boolean> {
  if (!glob.includes('*')) return (file) => file === glob;
  const { RE2JS } = await import('re2js');
  const parts = glob.split(/(\*\*\/?|\*)/).map((part) => {
    if (part.startsWith('**')) return '.*';
    return part === '*' ? '[^/]*' : RE2JS.quote(part);
  });
  const expression = RE2JS.compile(`^${parts.join('')}$`);
  return (file) => expression.matcher(file).find();
}
