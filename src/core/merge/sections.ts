import { type Block, type Group, textFor } from './block.ts';
import type { Canon } from './canon.ts';
import { saying } from './saying.ts';

/** A name that no other block of the group has. */
export function nextId(id: string, seen: Map<string, number>): string {
  const count = seen.get(id) ?? 0;
  seen.set(id, count + 1);
  return count === 0 ? id : `${id} ${count}`;
}

/** The lines in front of a statement that are neither comments nor blank: headers of sections, which are blocks, too. */
export function headersIn(
  text: string,
  canon: Canon,
  seen: Map<string, number>,
): { readonly blocks: Block[]; readonly rest: string } {
  const blocks: Block[] = [];
  let before = '';
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (!/^[ \t]*\[/.test(line)) {
      before += line;
      continue;
    }
    const header = line.trimEnd();
    const name = `header ${header.trim()}`;
    blocks.push({
      id: nextId(name, seen),
      path: [],
      canon: canon.text(name),
      before,
      head: header,
      body: '',
      tail: line.slice(header.length),
      trail: '',
      indent: '',
    });
    before = '';
  }
  return { blocks, rest: before };
}

/** Statements below a header are one block with it. */
export function inSections(blocks: readonly Block[], canon: Canon): Block[] {
  const first = blocks.findIndex(isHeader);
  if (first < 0) return [...blocks];
  const sections: Block[] = blocks.slice(0, first);
  for (let at = first; at < blocks.length; ) {
    const next = blocks.findIndex((block, index) => index > at && isHeader(block));
    const end = next < 0 ? blocks.length : next;
    const header = blocks[at];
    const body = flatGroup(blocks.slice(at + 1, end), '');
    if (header !== undefined)
      sections.push({
        ...header,
        path: body.blocks[0]?.path.slice(0, -1) ?? [header.head.trim()],
        canon: saying(body, 'ours', canon),
        head: `${header.head}${textFor(header.tail, 'ours')}`,
        body,
        tail: '',
      });
    at = end;
  }
  return sections;
}

function isHeader({ id }: Block): boolean {
  return id.startsWith('header ');
}

export function flatGroup(blocks: readonly Block[], close: string): Group {
  return { kind: 'flat', style: 'lines', open: '', blocks, close, indent: '', isInline: false };
}
