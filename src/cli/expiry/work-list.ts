import type { SecretAge } from '../../commands/lifecycle/ages.ts';
import type { Expiry } from '../../commands/lifecycle/expiry.ts';
import { ageText } from '../../commands/lifecycle/findings.ts';
import { shortPath } from '../../core/tree/path.ts';
import { oneLine } from '../../text/printable.ts';

/** As many as the body of an issue has room for. */
const MOST = 300;

/** A work list in Markdown, by owner; empty if there is nothing to do. */
export function workList({ ages, now }: Expiry): string {
  const due = ages.filter(({ standing }) => standing.state !== 'fine');
  const owners = new Map<string, SecretAge[]>();
  for (const one of due.slice(0, MOST)) {
    const owner = one.terms.owner?.value ?? '';
    owners.set(owner, [...(owners.get(owner) ?? []), one]);
  }
  const left = due.length - MOST;
  const parts = [...owners].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...parts.flatMap(([owner, own]) => [
      `### ${owner === '' ? 'Nobody yet' : plain(owner)}`,
      '',
      ...own.map((one) => `- [ ] ${code(`${one.file}#${shortPath(one.path)}`)} ${plain(ageText(one, now))}`),
      '',
    ]),
    ...(left > 0 ? [`and ${left} more: \`sotto expiry\``, ''] : []),
  ].join('\n');
}

/** Names are anybody's: nothing in them is Markdown, or calls somebody. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}

function code(text: string): string {
  const shown = oneLine(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
